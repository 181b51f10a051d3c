(* OCaml Batteries under the oracle: BatIMap, values for runs of integers, and BatISet, a set of them.
   The first argument chooses: map or set.  Both keep closed runs. *)

module Json = Yojson.Safe

exception Refusal of string

let field line name = match Json.Util.member name line with `String text -> Some text | _ -> None

let key line name =
  Option.map (fun text -> try int_of_string text with Failure _ -> raise (Failure "a key beyond int")) (field line name)

let must = function Some it -> it | None -> raise (Refusal "BadLine")

(* The ends of a write; the stop is the last key.  That an empty span is an error is a rule of the protocol. *)
let span line =
  let low = must (key line "start") and high = must (key line "stop") in
  if low <= high then (low, high) else raise (Refusal "EmptySpan")

(* The ends of a window; None if it is empty. *)
let window line =
  match key line "start", key line "stop" with
  | Some low, Some high when high < low -> if high = low - 1 then None else raise (Refusal "EmptySpan")
  | low, high -> Some (Option.value low ~default:min_int, Option.value high ~default:max_int)

let hole line =
  match key line "start", key line "stop" with Some _, Some _ -> Some (span line) | _ -> window line

let piece (low, high, value) : Json.t =
  `List [ `String (string_of_int low); `String (string_of_int high); `String value ]

let pieces runs : Json.t = `List (List.map piece (BatList.of_enum runs))

module type Container = sig
  type t
  val name : string
  val words : string list
  val empty : t
  val write : int -> int -> string -> t -> t
  val erase : int -> int -> t -> t
  val from : int -> t -> t
  val until : int -> t -> t
  val runs : t -> (int * int * string) BatEnum.t
end

module Map : Container = struct
  type t = string BatIMap.t
  let name = "BatIMap"
  let words = []
  let empty = BatIMap.empty ~eq:String.equal
  let write low high value = BatIMap.add_range low high value
  let erase = BatIMap.remove_range
  let from = BatIMap.from
  let until = BatIMap.until
  let runs = BatIMap.enum
end

module Set : Container = struct
  type t = BatISet.t
  let name = "BatISet"
  let words = [ "values=one" ]
  let empty = BatISet.empty
  let write low high _ = BatISet.add_range low high
  let erase = BatISet.remove_range
  let from = BatISet.from
  let until = BatISet.until
  let runs set = BatEnum.map (fun (low, high) -> (low, high, "a")) (BatISet.enum set)
end

let serve (module C : Container) =
  let list = ref C.empty in
  let change it = list := it; `Null in
  let ops : (string * (Json.t -> Json.t)) list = [
    "set", (fun line -> let low, high = span line in change (C.write low high (must (field line "value")) !list));
    "remove", (fun line -> match hole line with Some (low, high) -> change (C.erase low high !list) | None -> `Null);
    "clear", (fun _ -> change C.empty);
    "dump", (fun _ -> pieces (C.runs !list));
    "len", (fun _ -> `Int (BatEnum.count (C.runs !list)));
    "slice", (fun line ->
      match window line with Some (low, high) -> pieces (C.runs (C.from low (C.until high !list))) | None -> `List []);
  ] in
  let start () : Json.t =
    let words = [ "void"; "ends=closed"; "coalesce=equal"; "merge=left"; "split=copy" ] @ C.words @ List.map fst ops in
    `Assoc [ "name", `String C.name; "version", `String "";
             "capabilities", `List (List.map (fun word -> `String word) words) ] in
  let reply line : Json.t =
    let ok it = `Assoc [ "ok", it ] in
    match field line "op" with
    | None -> ok (change C.empty)
    | Some "stop" -> ok `Null
    | Some "start" -> ok (start ())
    | Some op ->
      match List.assoc_opt op ops with
      | None -> `Assoc [ "skip", `String ("no " ^ op) ]
      | Some run ->
        try ok (run line) with
        | Refusal name -> `Assoc [ "err", `String name ]
        | Failure why -> `Assoc [ "skip", `String why ] in
  try
    while true do
      let line = Json.from_string (input_line stdin) in
      print_endline (Json.to_string (reply line));
      if field line "op" = Some "stop" then raise End_of_file
    done
  with End_of_file -> ()

let () =
  match Sys.argv with
  | [| _; "map" |] -> serve (module Map)
  | [| _; "set" |] -> serve (module Set)
  | _ -> prerr_endline "want map or set"; exit 2

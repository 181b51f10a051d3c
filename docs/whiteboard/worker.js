// Boots Python and hands texts to whiteboard.board.Board; knows nothing of intervals.
import { loadPyodide } from "./pyodide/pyodide.mjs";

// What is fetched, in bytes, from sizes.json: so that progress can be told before anything is here.
const counted = (loaded, total) => postMessage({ boot: { stage: "Python is on its way", loaded, total } });

async function countFetches() {
  const sizes = await (await fetch("sizes.json")).json();
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const plain = self.fetch.bind(self);
  let loaded = 0;
  self.fetch = async (...args) => {
    const answer = await plain(...args);
    if (!answer.ok || !answer.body) return answer;
    const count = new TransformStream({
      transform(chunk, out) {
        loaded += chunk.byteLength;
        counted(Math.min(loaded, total), total);
        out.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(count), { status: answer.status, headers: answer.headers });
  };
}

async function boot() {
  await countFetches();
  const python = await loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href });
  postMessage({ boot: { stage: "Python reads the library", loaded: 1, total: 1 } });
  const zip = await (await fetch("python.zip")).arrayBuffer();
  python.unpackArchive(zip, "zip", { extractDir: "/lib/board" });
  python.runPython("import sys; sys.path.insert(0, '/lib/board')");
  const board = python.pyimport("whiteboard.board").Board();
  return (text) => board.answer(text);
}

const ready = boot();
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ fatal: String(error) }),
);

onmessage = async ({ data: { id, text } }) => {
  const answer = await ready;
  try {
    postMessage({ id, text: answer(text) });
  } catch (error) {
    postMessage({ id, text: JSON.stringify({ error: String(error) }) });
  }
};

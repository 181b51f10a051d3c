"""The words of a log of strace: its calls, their flags, and what they mean to the model.

Every call of x86-64 is here, or is replayed by strace.py.  So a call that is in neither is refused
by its name, and none that changes the map is passed over.
"""

from __future__ import annotations

import re
from errno import EINVAL
from typing import Final

from rangelist.models.areas import failure
from rangelist.models.procmaps import PAGE
from rangelist.models.refused import known
from rangelist.models.strace_log import Call

__all__ = [
    "ALL_LOCKS",
    "BINDS",
    "COMMENT",
    "FLAGS",
    "HARMLESS",
    "IDLE",
    "LOCKS",
    "MERGE_ALL",
    "MODES",
    "MOVES",
    "NUMBERED",
    "PAGES_ONLY",
    "PLACES",
    "REFUSED",
    "USERFAULT",
    "advice_of",
    "frees",
    "letters",
    "pages",
    "window",
    "words",
]

COMMENT: Final = re.compile(r" */\*.*?\*/")
LETTERS: Final = {"PROT_READ": "r", "PROT_WRITE": "w", "PROT_EXEC": "x"}
PROTECTIONS: Final = {*LETTERS, "PROT_NONE", "PROT_SEM"}
FLAGS: Final = {
    "MAP_NORESERVE": "noreserve",
    "MAP_GROWSDOWN": "growsdown",
    "MAP_LOCKED": "locked",
    "MAP_STACK": "nohugepage",  # so that no thread's stack is one huge page
    "MAP_SHARED": "shared",
    "MAP_SHARED_VALIDATE": "shared",
    "MAP_DROPPABLE": "droppable",
    "0x8": "droppable",  # to a strace that is older than the flag
}
# Flags that say where and how a mapping is made; some mean nothing any more.
PLACES: Final = {"MAP_FIXED", "MAP_FIXED_NOREPLACE", "MAP_32BIT", "MAP_PRIVATE", "MAP_ANONYMOUS"}
IDLE: Final = {"MAP_DENYWRITE", "MAP_EXECUTABLE", "MAP_POPULATE", "MAP_NONBLOCK", "MAP_FILE"}
NEW_ADVICE: Final = {"0x66": "guard_install", "0x67": "guard_remove"}  # newer than strace
MERGE_ALL: Final = {"PR_SET_MEMORY_MERGE", "0x43"}
LOCKS: Final = {"MLOCK_ONFAULT"}
ALL_LOCKS: Final = {"MCL_CURRENT", "MCL_FUTURE", "MCL_ONFAULT"}
MOVES: Final = {"MREMAP_MAYMOVE", "MREMAP_FIXED", "MREMAP_DONTUNMAP"}
MODES: Final = {
    *("MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL"),
    *("MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"),
    *("MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES", "MPOL_F_NUMA_BALANCING"),
}
BINDS: Final = {"MPOL_MF_STRICT", "MPOL_MF_MOVE", "MPOL_MF_MOVE_ALL"}
# What ioctl says of a userfaultfd, also to a strace that knows it by number only.
USERFAULT: Final = (
    *("UFFDIO_REGISTER", "UFFDIO_UNREGISTER", "USERFAULTFD_IOC_NEW"),
    *("0xaa, 0, 0x20)", "0xaa, 0x1, 0x10)", "0xaa, 1, 0x10)", "0xaa, 0, 0)"),
)

# Calls that strace knows by number only, because they are newer than it is.
NUMBERED: Final = {
    "syscall_0x14f": "uretprobe",
    "syscall_0x1c3": "cachestat",
    "syscall_0x1c4": "fchmodat2",
    "syscall_0x1c5": "map_shadow_stack",
    "syscall_0x1c6": "futex_wake",
    "syscall_0x1c7": "futex_wait",
    "syscall_0x1c8": "futex_requeue",
    "syscall_0x1c9": "statmount",
    "syscall_0x1ca": "listmount",
    "syscall_0x1cb": "lsm_get_self_attr",
    "syscall_0x1cc": "lsm_set_self_attr",
    "syscall_0x1cd": "lsm_list_modules",
    "syscall_0x1ce": "mseal",
}

# Calls that change the map in a way that is not replayed.
REFUSED: Final = {
    "shmat": "the log does not tell how long the segment is",
    "shmdt": "the log does not tell how long the segment is",
    "remap_file_pages": "it is not modelled",
    "map_shadow_stack": "it is not modelled",
    "set_mempolicy_home_node": "it is not modelled",
    "io_setup": "the ring that it maps is not modelled",
    "io_destroy": "the ring that it unmaps is not modelled",
    "uselib": "it is not modelled",
    "userfaultfd": "areas that are registered with it are not modelled",
    "memfd_secret": "its areas are not modelled",
}

# Advice about pages, which changes no area.
PAGES_ONLY: Final = frozenset(
    {"willneed", "dontneed", "dontneed_locked", "free", "remove", "cold", "pageout", "collapse"}
    | {"hwpoison", "soft_offline"}
)

# All other calls: they leave the areas as they are.
HARMLESS: Final = frozenset(
    """
_sysctl accept accept4 access acct add_key adjtimex afs_syscall alarm bind bpf cachestat capget
capset chdir chmod chown chroot clock_adjtime clock_getres clock_gettime clock_nanosleep
clock_settime close close_range connect copy_file_range create_module delete_module epoll_create
epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd
eventfd2 exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_init fanotify_mark
fchdir fchmod fchmodat fchmodat2 fchown fchownat fdatasync fgetxattr file_getattr file_setattr
finit_module flistxattr flock fremovexattr fsconfig fsetxattr fsmount fsopen fspick fstat
fstatfs fsync ftruncate futex futex_requeue futex_wait futex_waitv futex_wake futimesat
get_kernel_syms get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents getdents64
getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getpmsg getppid
getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt
gettid gettimeofday getuid getxattr getxattrat init_module inotify_add_watch inotify_init
inotify_init1 inotify_rm_watch io_cancel io_getevents io_pgetevents io_submit io_uring_enter
io_uring_register io_uring_setup ioperm iopl ioprio_get ioprio_set kcmp kexec_file_load
kexec_load keyctl kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown
lgetxattr link linkat listen listmount listxattr listxattrat llistxattr lookup_dcookie
lremovexattr lseek lsetxattr lsm_get_self_attr lsm_list_modules lsm_set_self_attr lstat
membarrier migrate_pages mincore mkdir mkdirat mknod mknodat
modify_ldt mount mount_setattr move_mount move_pages mq_getsetattr mq_notify mq_open
mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd msync name_to_handle_at
nanosleep newfstatat nfsservctl open_by_handle_at open_tree open_tree_attr pause perf_event_open
pidfd_getfd pidfd_open pidfd_send_signal pipe pipe2 pivot_root pkey_alloc pkey_free poll ppoll
pread64 preadv preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6
ptrace putpmsg pwrite64 pwritev pwritev2 query_module quotactl quotactl_fd read readahead
readlink readlinkat readv reboot recvfrom recvmmsg recvmsg removexattr removexattrat rename
renameat renameat2 request_key restart_syscall rmdir rseq rt_sigaction rt_sigpending
rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
sched_setscheduler sched_yield seccomp security select semctl semget semop semtimedop sendfile
sendmmsg sendmsg sendto set_mempolicy set_robust_list set_thread_area set_tid_address
setdomainname setfsgid setfsuid setgid setgroups sethostname setitimer setns setpgid setpriority
setregid setresgid setresuid setreuid setrlimit setsid setsockopt settimeofday setuid setxattr
setxattrat shmctl shmget shutdown sigaltstack signalfd signalfd4 socket socketpair splice stat
statfs statmount statx swapoff swapon symlink symlinkat sync sync_file_range syncfs sysfs
sysinfo syslog tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate tuxcall umask
umount2 uname unlink unlinkat unshare uretprobe ustat utime utimensat utimes vhangup
vmsplice vserver wait4 waitid write writev
""".split()  # noqa: SIM905 - a table of words is easier to read
)


def pages(length: int) -> int:
    """Return how many pages some bytes need."""
    return -(-length // PAGE)


def window(call: Call, *, first: int = 0, aligned: bool = True) -> tuple[int, int]:
    """Return the pages that an address and a length mean.

    Raises: OSError: EINVAL, for an address that is not at the start of a page but has to be.
    """
    start, length = (int(text, 0) for text in call.arguments[first : first + 2])
    if aligned and start % PAGE:
        raise failure(EINVAL, f"{start:#x}, want a multiple of {PAGE}")
    return start // PAGE, pages(start + length)


def frees(call: Call, start: int, stop: int) -> bool:
    """Tell whether a call unmaps, or moves away, some of these pages."""
    if call.result < 0 or call.name not in ("munmap", "mremap"):
        return False
    low, high = window(call)
    return low < stop and start < high


def words(text: str) -> frozenset[str]:
    """Return the words of flags; 0 is none.

    Example:
        >>> sorted(words("0x8 /* MAP_??? */|MAP_ANONYMOUS")), words("0")
        (['0x8', 'MAP_ANONYMOUS'], frozenset())
    """
    return frozenset(COMMENT.sub("", text).split("|")) - {"0"}


def letters(access: str) -> str:
    """Return rwx for PROT_READ|PROT_WRITE|PROT_EXEC."""
    names = known(words(access), PROTECTIONS, "access")
    return "".join(LETTERS[name] for name in names if name in LETTERS)


def advice_of(text: str) -> str:
    """Return an advice as the model names it."""
    name = COMMENT.sub("", text)
    return NEW_ADVICE.get(name, name.removeprefix("MADV_").lower())

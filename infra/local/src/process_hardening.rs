//! What lies in this process's memory stays there.

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dump writes the memory to the disk when the process breaks, and on Linux no other process of the same user
/// reads it (prctl(2), `PR_SET_DUMPABLE`). Neither can fail for a process that only gives something up.
pub fn disable_core_dumps() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

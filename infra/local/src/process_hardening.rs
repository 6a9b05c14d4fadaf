//! Keeps the memory of this process from being written to disk or read by other processes.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Disables core dumps. On Linux it also keeps other processes of the same user from reading the memory (prctl(2),
/// `PR_SET_DUMPABLE`). Neither call can fail, because each only gives up a right.
pub fn disable_core_dumps() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

//! The share of a core that Lambda gives to a memory size: in proportion, one whole core at 1769 MB
//! ([Configure Lambda function memory](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)).
//!
//! A control group's bandwidth gives it, as it does on Lambda: so many microseconds of every 20 milliseconds, then a
//! pause. Both versions of control groups are known, because the kernel's limit behind them is the same one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a function has one whole core.
pub(crate) const FULL_CORE_MB: u32 = 1769;

/// How often the share is renewed.
const PERIOD: Duration = Duration::from_millis(20);

/// The kernel grants no less than this.
const LEAST: Duration = Duration::from_millis(1);

/// A control group of our own, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Quota {
    group: PathBuf,
    version: Version,
}

#[derive(Debug, Clone, Copy)]
enum Version {
    One,
    Two,
}

impl Quota {
    /// A new group that is not limited yet.
    ///
    /// # Errors
    /// Where this machine lets us have none.
    pub(crate) fn new() -> io::Result<Self> {
        let name = format!("bench-{}", std::process::id());
        let places = [("/sys/fs/cgroup", Version::Two), ("/sys/fs/cgroup/cpu", Version::One)];
        let mut fault = io::Error::other("there are no control groups");
        for (root, version) in places {
            let group = Path::new(root).join(&name);
            match Self::made(root, group, version) {
                Ok(quota) => return Ok(quota),
                Err(error) => fault = error,
            }
        }
        Err(fault)
    }

    fn made(root: &str, group: PathBuf, version: Version) -> io::Result<Self> {
        if matches!(version, Version::Two) {
            let controllers = fs::read_to_string(Path::new(root).join("cgroup.controllers"))?;
            if !controllers.split_whitespace().any(|name| name == "cpu") {
                return Err(io::Error::other("the CPU controller is not ours to use"));
            }
            fs::write(Path::new(root).join("cgroup.subtree_control"), "+cpu")?;
        }
        fs::create_dir(&group)?;
        let quota = Self { group, version };
        quota.lift()?;
        quota.go_before_others()?;
        Ok(quota)
    }

    /// Who else is busy on this machine waits, as far as the kernel can make him.
    fn go_before_others(&self) -> io::Result<()> {
        match self.version {
            Version::Two => fs::write(self.group.join("cpu.weight"), "10000"),
            Version::One => fs::write(self.group.join("cpu.shares"), "262144"),
        }
    }

    /// Limits the group to the share of this memory size.
    pub(crate) fn limit(&self, megabytes: u32) -> io::Result<()> {
        let share = (PERIOD * megabytes / FULL_CORE_MB).max(LEAST).as_micros();
        let period = PERIOD.as_micros();
        match self.version {
            Version::Two => fs::write(self.group.join("cpu.max"), format!("{share} {period}")),
            Version::One => {
                fs::write(self.group.join("cpu.cfs_period_us"), period.to_string())?;
                fs::write(self.group.join("cpu.cfs_quota_us"), share.to_string())
            }
        }
    }

    /// Lets the group have all.
    pub(crate) fn lift(&self) -> io::Result<()> {
        match self.version {
            Version::Two => fs::write(self.group.join("cpu.max"), "max"),
            Version::One => fs::write(self.group.join("cpu.cfs_quota_us"), "-1"),
        }
    }

    /// The file into which a process writes its id to come under the limit.
    pub(crate) fn door(&self) -> PathBuf {
        self.group.join("cgroup.procs")
    }

    /// In words, for the report.
    pub(crate) fn told(&self) -> &'static str {
        match self.version {
            Version::Two => "control groups, version 2 (cpu.max)",
            Version::One => "control groups, version 1 (cpu.cfs_quota_us: the limit of version 2 under its older name)",
        }
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        // What is left behind is an empty folder of the kernel's.
        drop(fs::remove_dir(&self.group));
    }
}

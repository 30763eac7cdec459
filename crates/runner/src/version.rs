//! The version of the engine inside a machine, and whether a page or a session is meant for it.

use seaworthy_page::{Version, VersionReq};

/// Reads a version as engines tell theirs: `28.5.2+dfsg4`, or `20.10.24`.
pub(super) fn read(told: &str) -> Option<Version> {
    let numbers = told.split(['+', '-', '~']).next()?;
    let mut numbers = numbers.split('.').map(str::parse);
    let mut next = || numbers.next().unwrap_or(Ok(0)).ok();
    Some(Version::new(next()?, next()?, next()?))
}

/// Why what asks for `versions` isn't run on an engine of version `inside`, if it isn't.
pub(super) fn unfit(versions: Option<&VersionReq>, inside: Option<&Version>) -> Option<String> {
    let (versions, inside) = (versions?, inside?);
    let fits = versions.matches(inside);
    (!fits).then(|| format!("needs Docker Engine {versions}, and this is {inside}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_engines_tell_it() {
        for (told, version) in [
            ("28.5.2+dfsg4", Version::new(28, 5, 2)),
            ("20.10.24+dfsg1-1+deb12u1", Version::new(20, 10, 24)),
            ("26.1", Version::new(26, 1, 0)),
        ] {
            assert_eq!(read(told), Some(version), "{told}");
        }
        assert_eq!(read("new"), None);
    }
}

//! Paths as Compose files write them: with `/`, from the folder of the project.

/// `path` as seen from `folder`, without `.` and `..` where they can be left out.
pub(super) fn join(folder: &str, path: &str) -> String {
    let joined = match folder {
        _ if path.starts_with('/') => path.to_owned(),
        "" => path.to_owned(),
        folder => format!("{}/{path}", folder.trim_end_matches('/')),
    };
    let absolute = joined.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

/// The folder in which a file lies; nothing for the current one.
pub(super) fn folder_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{folder_of, join};

    #[test]
    fn paths_are_joined() {
        for (folder, path, joined) in [
            ("", "a.yaml", "a.yaml"),
            ("", "./a/../b.yaml", "b.yaml"),
            ("x", "a.yaml", "x/a.yaml"),
            ("x/y/", "../a.yaml", "x/a.yaml"),
            ("..", "../a.yaml", "../../a.yaml"),
            ("x", "/a/./b.yaml", "/a/b.yaml"),
            ("/", "../a.yaml", "/a.yaml"),
        ] {
            assert_eq!(join(folder, path), joined, "{folder} {path}");
        }
    }

    #[test]
    fn the_folder_of_a_file() {
        for (path, folder) in [("a", ""), ("x/y/a", "x/y"), ("/a", "/"), ("-", "")] {
            assert_eq!(folder_of(path), folder, "{path}");
        }
    }
}

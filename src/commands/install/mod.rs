//! `seaworthy install`: Seaworthy for an mdBook that is there already, and for one that has an older version of it.
//!
//! All is worked out before anything is written. [`settings`] changes `book.toml`, [`files`] says what comes of the style
//! sheets and scripts, [`advice`] what there is to do then.

mod advice;
mod files;
mod ignored;
mod settings;

use std::path::{Component, Path};

use mdbook::config::Config;
use mdbook_seaworthy::{BookFiles, PathFault, check_build_dir};

use self::files::Files;
use self::ignored::Ignored;
use crate::book::Book;
use crate::error::{Explain, Result, Usage};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::output::show_difference;

/// The file with the book's settings.
const BOOK_TOML: &str = "book.toml";

pub(super) fn run(root: &Path, theme: bool, dry_run: bool) -> Result<Exit> {
    let path = root.join(BOOK_TOML);
    let book_files = BookFiles::new(root, &[]);
    let before = match book_files.text(Path::new(BOOK_TOML)) {
        Ok(before) => before,
        Err(PathFault::Missing) => {
            return Err(Usage(format!(
                "can't read `{}`: name the folder of an mdBook, as in `seaworthy install DIR`; `seaworthy new DIR` makes a new book",
                path.display()
            ))
            .into());
        }
        Err(why) => Err(why).or_usage(|| format!("can't read `{}`", path.display()))?,
    };
    let config = crate::book::config(&before)?;
    check_build_dir(&book_files, &config).map_err(Usage)?;
    let folder = theme_folder(&config);
    let files = Files::of(root, &book_files, &folder, theme)?;
    let after = settings::added(&before, &folder, &files.wanted())?;
    // What was added must be what mdBook understands by it.
    crate::book::config(&after)?;
    let ignored = Ignored::of(root)?;
    let settings_file = book_files.written(Path::new(BOOK_TOML));
    let settings_file = settings_file.or_usage(|| format!("can't change `{}`", path.display()))?;
    let ignored_file = book_files.written(Path::new(".gitignore"));
    let ignored_file =
        ignored_file.or_usage(|| format!("can't change `{}`", ignored.path.display()))?;
    let (book, faults) = Book::read(root)?;
    let changes = after != before;
    if changes {
        let shown = path.strip_prefix(".").unwrap_or(&path);
        show_difference(&shown.to_string_lossy(), &before, &after);
    }
    if let Some(after) = &ignored.after {
        let file = ignored.path.to_string_lossy();
        show_difference(&file, &ignored.before, after);
    }
    let written = files.tell(dry_run) || ignored.after.is_some();
    if !dry_run {
        files.write()?;
        if let Some(after) = &ignored.after {
            write_whole(&ignored_file, after)?;
        }
        // Last: a book that names files has them.
        if changes {
            write_whole(&settings_file, &after)?;
        }
    }
    crate::outln!(
        "{}",
        match (changes || written, dry_run) {
            (false, _) => "nothing to do: this book has what it needs",
            (true, true) => "nothing was written",
            (true, false) => "installed",
        }
    );
    advice::tell(&book, faults);
    Ok(Exit::Holds)
}

/// The folder for style sheets and scripts, relative to the book's root: the theme's, unless that is outside, where mdBook
/// can't take them from.
fn theme_folder(config: &Config) -> String {
    let html = config.html_config().unwrap_or_default();
    let named = html.theme.unwrap_or_default();
    let mut parts = Vec::new();
    for component in named.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => return "theme".to_owned(),
        }
    }
    if parts.is_empty() {
        return "theme".to_owned();
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_theme() {
        for (theme, folder) in [
            ("", "theme"),
            ("my/theme/", "my/theme"),
            ("./look", "look"),
            ("../shared", "theme"),
            ("/etc/theme", "theme"),
        ] {
            let toml = format!("[output.html]\ntheme = \"{theme}\"\n");
            assert_eq!(theme_folder(&toml.parse().unwrap()), folder, "{theme}");
        }
        assert_eq!(theme_folder(&"".parse().unwrap()), "theme");
    }
}

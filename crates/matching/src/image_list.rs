//! The list of images, which Docker's CLI prints in two shapes: `REPOSITORY TAG IMAGE ID CREATED SIZE`, and since version
//! 29 `IMAGE ID DISK USAGE CONTENT SIZE EXTRA`. A page that shows the one holds where the other is printed, as far as
//! both say the same. Enter at [`in_shape_of`].
//!
//! <https://github.com/docker/cli/pull/6566>

use bumpalo::Bump;

use super::reading::Reading;
use super::store::Store;
use super::table::{self, Cell, Header};
use super::text;

/// Which of the two shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// A column for the repository and one for the tag.
    Apart,
    /// One for both.
    Joined,
}

/// The author's lines in the shape of the output, one for one, without the columns that it hasn't. None if both are of one
/// shape, or aren't lists of images.
pub(super) fn in_shape_of(
    found: &[&str],
    printed: &[&str],
    reading: Reading,
) -> Option<Vec<String>> {
    let (_, _, wanted) = head(found, reading)?;
    let (at, header, shape) = head(printed, reading)?;
    if wanted == shape {
        return None;
    }
    let arena = Bump::new();
    let store = Store::new(&arena, reading, &[]);
    let rows = printed.iter().enumerate();
    let row = |(nth, line): (usize, &&str)| {
        if nth < at || text::is_wild(line) || line.trim().is_empty() {
            return (*line).to_owned();
        }
        if nth == at {
            return head_in(wanted, &header);
        }
        match table::cells(&header, line, &store) {
            Some(cells) => row_in(wanted, &header, line, cells),
            None => (*line).to_owned(),
        }
    };
    Some(rows.map(row).collect())
}

/// Whether a line is the legend that stands above the newer list on a terminal.
pub(super) fn is_legend(line: &str) -> bool {
    let line = line.trim();
    line.ends_with("In Use") && line.contains("Info") && (line.contains('→') || line.contains("->"))
}

/// The header of the list: its line, its columns, its shape.
fn head(lines: &[&str], reading: Reading) -> Option<(usize, Header, Shape)> {
    let (at, header) = lines
        .iter()
        .enumerate()
        .find_map(|(at, line)| Some((at, table::header(line, reading)?)))?;
    let has = |name: &str| column(&header, name).is_some();
    let shape = match () {
        () if has("REPOSITORY") && has("TAG") && has("IMAGE ID") => Shape::Apart,
        () if has("IMAGE") && has("ID") && has("DISK USAGE") => Shape::Joined,
        () => return None,
    };
    Some((at, header, shape))
}

/// The place of a column.
fn column(header: &Header, name: &str) -> Option<usize> {
    header.columns.iter().position(|column| column.is(name))
}

/// A header in a shape, with the columns that say the same in both.
fn head_in(shape: Shape, header: &Header) -> String {
    let size = column(header, "SIZE")
        .or(column(header, "DISK USAGE"))
        .is_some();
    match (shape, size) {
        (Shape::Joined, true) => "IMAGE   ID   DISK USAGE".to_owned(),
        (Shape::Joined, false) => "IMAGE   ID".to_owned(),
        (Shape::Apart, true) => "REPOSITORY   TAG   IMAGE ID   SIZE".to_owned(),
        (Shape::Apart, false) => "REPOSITORY   TAG   IMAGE ID".to_owned(),
    }
}

/// A row in a shape.
fn row_in(shape: Shape, header: &Header, line: &str, cells: &[Cell<'_>]) -> String {
    let cell = |name: &str| {
        let cell = column(header, name).and_then(|at| cells.get(at))?;
        line.get(cell.range.clone())
    };
    let or_none = |cell: Option<&str>| cell.unwrap_or_default().to_owned();
    let mut row = match shape {
        Shape::Joined => {
            let (repository, tag) = (or_none(cell("REPOSITORY")), or_none(cell("TAG")));
            let name = match repository.as_str() {
                "<none>" => "<untagged>".to_owned(),
                _ => format!("{repository}:{tag}"),
            };
            vec![name, or_none(cell("IMAGE ID"))]
        }
        Shape::Apart => {
            let name = or_none(cell("IMAGE"));
            let (repository, tag) = match name.rsplit_once(':') {
                Some((repository, tag)) if !tag.contains('/') => (repository, tag),
                _ => ("<none>", "<none>"),
            };
            vec![repository.to_owned(), tag.to_owned(), or_none(cell("ID"))]
        }
    };
    row.extend(cell("SIZE").or(cell("DISK USAGE")).map(str::to_owned));
    row.join("   ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: [&str; 3] = [
        "REPOSITORY   TAG      IMAGE ID       CREATED        SIZE",
        "busybox      1.37     b573fc3cdcef   6 weeks ago    5.7MB",
        "<none>       <none>   0b8a9b5e8f1c   2 hours ago    52MB",
    ];
    const JOINED: [&str; 3] = [
        "IMAGE          ID             DISK USAGE   CONTENT SIZE   EXTRA",
        "busybox:1.37   b573fc3cdcef       11.6MB         5.88MB    U   ",
        "<untagged>     0b8a9b5e8f1c       52.1MB         20.1MB        ",
    ];

    fn shaped(found: &[&str], printed: &[&str]) -> Option<Vec<String>> {
        let docker = Reading {
            docker: true,
            ..Reading::default()
        };
        in_shape_of(found, printed, docker)
    }

    #[test]
    fn each_in_the_shape_of_the_other() {
        assert_eq!(
            shaped(&JOINED, &APART).unwrap(),
            [
                "IMAGE   ID   DISK USAGE",
                "busybox:1.37   b573fc3cdcef   5.7MB",
                "<untagged>   0b8a9b5e8f1c   52MB"
            ]
        );
        assert_eq!(
            shaped(&APART, &JOINED).unwrap(),
            [
                "REPOSITORY   TAG   IMAGE ID   SIZE",
                "busybox   1.37   b573fc3cdcef   11.6MB",
                "<none>   <none>   0b8a9b5e8f1c   52.1MB"
            ]
        );
        assert_eq!(shaped(&APART, &APART), None);
        assert_eq!(shaped(&["NAME   ID"], &APART), None);
        assert!(is_legend("        i Info →   U  In Use"));
        assert!(!is_legend("busybox:1.37   In Use"));
    }
}

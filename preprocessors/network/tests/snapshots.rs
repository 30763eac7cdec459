//! The drawings, as they were last looked at, and what holds for all of them.
//!
//! `SNAPSHOTS=overwrite cargo test -p seaworthy-network` takes new ones: look at them before committing.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::path::{Path, PathBuf};

use seaworthy_network::{Diagram, SvgOptions};
use snapbox::{Data, assert_data_eq};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The examples' names and diagrams.
fn examples() -> Vec<(String, Diagram)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder("examples/compose"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let examples: Vec<(String, Diagram)> = files
        .iter()
        .map(|file| {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(file).unwrap();
            let (diagram, _) =
                Diagram::parse(&text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
            (name, diagram)
        })
        .collect();
    assert!(examples.len() >= 9, "the examples were not found");
    examples
}

fn standalone() -> SvgOptions {
    SvgOptions {
        standalone: true,
        ..SvgOptions::default()
    }
}

#[test]
fn drawings_are_as_they_were() {
    for (name, diagram) in examples() {
        let file = folder("tests/snapshots").join(format!("{name}.svg"));
        assert_data_eq!(
            diagram.svg(&standalone()) + "\n",
            Data::read_from(&file, None).raw()
        );
    }
}

#[test]
fn a_drawing_is_one_line_of_well_formed_xml_with_a_title() {
    for (name, diagram) in examples() {
        let svg = diagram.svg(&SvgOptions::default());
        assert!(!svg.contains('\n'), "{name}");
        let document =
            resvg::usvg::roxmltree::Document::parse(&svg).unwrap_or_else(|e| panic!("{name}: {e}"));
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let named: Vec<&str> = root
            .attribute("aria-labelledby")
            .unwrap()
            .split(' ')
            .collect();
        for (id, tag) in named.iter().zip(["title", "desc"]) {
            let node = document
                .descendants()
                .find(|n| n.attribute("id") == Some(id))
                .unwrap();
            assert_eq!(node.tag_name().name(), tag);
            assert!(node.text().is_some_and(|text| text.len() > 5), "{name}");
        }
    }
}

#[test]
fn ids_begin_with_the_prefix_and_two_drawings_share_none() {
    for (name, diagram) in examples() {
        let ids = |prefix: &str| -> Vec<String> {
            let options = SvgOptions {
                id_prefix: prefix.to_owned(),
                ..SvgOptions::default()
            };
            let svg = diagram.svg(&options);
            let ids: Vec<String> = svg
                .split(" id=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect();
            assert!(
                ids.iter().all(|id| id.starts_with(prefix)),
                "{name}: {ids:?}"
            );
            // Nothing points at an id that isn't there.
            assert!(!svg.contains("url(#") && !svg.contains("href"), "{name}");
            ids
        };
        let (one, other) = (ids("one-"), ids("other-"));
        assert_eq!(one.len(), 2);
        assert!(one.iter().all(|id| !other.contains(id)));
    }
}

#[test]
fn drawings_are_small_and_fit_a_phone() {
    for (name, diagram) in examples() {
        let svg = diagram.svg(&SvgOptions::default());
        let width: f64 = svg
            .split("width=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        // Every form at once is no drawing for a phone; all others are.
        let (most_bytes, most_width) = match name.as_str() {
            "everything" => (15_000, 640.0),
            // Names stand at hand along long lines.
            "large" => (15_000, 410.0),
            _ => (8_000, 376.0),
        };
        assert!(svg.len() < most_bytes, "{name}: {} bytes", svg.len());
        assert!(width <= most_width, "{name}: {width} wide");
    }
}

#[test]
fn the_same_text_gives_the_same_drawing() {
    for (name, diagram) in examples() {
        assert_eq!(
            diagram.svg(&standalone()),
            diagram.svg(&standalone()),
            "{name}"
        );
    }
}

#[test]
fn a_title_can_be_given() {
    for (_, diagram) in examples() {
        let options = SvgOptions {
            title: Some("A <title> & more".to_owned()),
            ..SvgOptions::default()
        };
        assert!(
            diagram
                .svg(&options)
                .contains(">A &lt;title&gt; &amp; more</title>")
        );
    }
}

#[test]
fn every_class_of_the_drawings_is_in_the_stylesheet() {
    let css = seaworthy_network::stylesheet();
    let mut classes = std::collections::BTreeSet::new();
    for (_, diagram) in examples() {
        let svg = diagram.svg(&standalone());
        for list in svg.split("class=\"").skip(1) {
            classes.extend(
                list.split('"')
                    .next()
                    .unwrap()
                    .split(' ')
                    .map(str::to_owned),
            );
        }
    }
    assert!(classes.len() > 30, "{classes:?}");
    for class in classes {
        let known = css
            .match_indices(&format!(".{class}"))
            .any(|(at, found)| css[at + found.len()..].starts_with([' ', '.', ',', ':', ')']));
        assert!(known, "{class}");
    }
}

#[test]
fn what_the_readme_shows_is_valid_and_its_pictures_exist() {
    let readme = std::fs::read_to_string(folder("README.md")).unwrap();
    let blocks: Vec<&str> = readme
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let (_, warnings) =
            Diagram::parse(block).unwrap_or_else(|faults| panic!("{block}{faults:?}"));
        assert_eq!(warnings, [], "{block}");
    }
    let pictures: Vec<&str> = readme
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
        .collect();
    assert!(pictures.len() >= 10);
    for picture in pictures {
        assert!(folder(picture).is_file(), "{picture}");
    }
}

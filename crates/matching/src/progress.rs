//! The progress of a pull, which may be absent: it is printed on the run that has to fetch an image, and on no other.

use std::collections::BTreeSet;

use seaworthy_words::{Reference, Script};

use super::text;

/// What the lines of one side say of pulls.
#[derive(Debug, Default)]
pub(super) struct Pulls {
    /// Whether each line is progress.
    pub(super) lines: Vec<bool>,
    /// The images that the lines name, each with the line; as Docker shortens them.
    images: Vec<(String, usize)>,
}

/// Finds the progress among `lines`. A pull begins with one of three lines and goes on as long as its lines do; `...`
/// between two of them belongs to it.
pub(super) fn pulls(lines: &[&str]) -> Pulls {
    let mut found = Pulls {
        lines: vec![false; lines.len()],
        images: Vec::new(),
    };
    let mut since = None;
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        let part = part(line);
        if matches!(part, Some(Part::Start(_))) || (since.is_some() && part.is_some()) {
            // What was left out in between.
            for between in since.map_or(at, |last| last + 1)..at {
                found.lines[between] = true;
            }
            found.lines[at] = true;
            since = Some(at);
            if let Some(Part::Start(Some(image)) | Part::Names(image)) = part {
                found.images.push((image, at));
            }
        } else if !text::is_wild(line) && !line.is_empty() {
            since = None;
        }
    }
    found
}

impl Pulls {
    /// The first printed line that names an image which is neither pulled nor in the command.
    pub(super) fn stranger(&self, actual: &Pulls, command: &Script) -> Option<usize> {
        let pulled: BTreeSet<&str> = actual
            .images
            .iter()
            .map(|(image, _)| image.as_str())
            .collect();
        if !pulled.is_empty() {
            return self
                .images
                .iter()
                .find(|(image, _)| !pulled.contains(image.as_str()))
                .map(|(_, line)| *line);
        }
        // Only where the command itself says what is pulled.
        let calls = command.calls();
        let direct = calls
            .iter()
            .any(|call| call.is_container(&["run", "create", "pull"]) || call.group == "image");
        let words: BTreeSet<String> = calls
            .iter()
            .flat_map(|call| &call.rest)
            .map(|word| short_name(word))
            .collect();
        let unknown =
            |image: &str| direct && !command.text().contains('$') && !words.contains(image);
        self.images
            .iter()
            .find(|(image, _)| unknown(image))
            .map(|(_, line)| *line)
    }
}

enum Part {
    /// A line with which a pull begins, and the image that it names.
    Start(Option<String>),
    /// Another line that names an image.
    Names(String),
    Other,
}

fn part(line: &str) -> Option<Part> {
    if let Some(image) = line
        .strip_prefix("Unable to find image '")
        .and_then(|rest| rest.strip_suffix("' locally"))
    {
        return Some(Part::Start(Some(short_name(image))));
    }
    if line.starts_with("Using default tag: ") || line.starts_with("Pulling repository ") {
        return Some(Part::Start(None));
    }
    let labelled = line
        .split_once(' ')
        .and_then(|(label, rest)| Some((label.strip_suffix(':')?, rest)));
    if let Some((tag, rest)) = labelled
        && let Some(repository) = rest.strip_prefix("Pulling from ")
    {
        let separator = if tag.starts_with("sha256:") { '@' } else { ':' };
        return Some(Part::Start(Some(short_name(&format!(
            "{repository}{separator}{tag}"
        )))));
    }
    for status in [
        "Status: Downloaded newer image for ",
        "Status: Image is up to date for ",
    ] {
        if let Some(image) = line.strip_prefix(status) {
            return Some(Part::Names(short_name(image)));
        }
    }
    if line.starts_with("Digest: sha256:") {
        return Some(Part::Other);
    }
    if let Some((layer, status)) = labelled {
        let is_layer = layer.len() >= 4 && layer.bytes().all(|b| b.is_ascii_alphanumeric());
        return (is_layer && STATUSES.iter().any(|known| status.starts_with(known)))
            .then_some(Part::Other);
    }
    // The reference in full, with which a pull ends.
    let reference = !line.contains(' ')
        && line.contains('/')
        && line.contains(':')
        && line.split('/').next()?.contains('.');
    reference.then(|| Part::Names(short_name(line)))
}

const STATUSES: [&str; 10] = [
    "Pulling fs layer",
    "Waiting",
    "Downloading",
    "Verifying Checksum",
    "Download complete",
    "Extracting",
    "Pull complete",
    "Already exists",
    "Pulling image",
    "Pulling dependent layers",
];

/// Marks the meter that `curl` draws when its output goes elsewhere: a head of two lines, and numbers.
pub(super) fn meter(lines: &[&str], skip: &mut [bool]) {
    let mut inside = false;
    for (line, skip) in lines.iter().zip(skip) {
        let line = line.trim();
        let head =
            line.starts_with("% Total    % Received") || line.starts_with("Dload  Upload   Total");
        let number = |word: &str| {
            word.bytes()
                .all(|b| b.is_ascii_digit() || b"kMGTP.:-".contains(&b))
        };
        inside = head || (inside && !line.is_empty() && line.split_ascii_whitespace().all(number));
        *skip |= inside;
    }
}

/// The name of an image as Docker shortens it.
fn short_name(reference: &str) -> String {
    Reference::parse(reference).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULL: [&str; 7] = [
        "Unable to find image 'nginx:latest' locally",
        "latest: Pulling from library/nginx",
        "a2abf6c4d29d: Pull complete",
        "...",
        "Digest: sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31",
        "Status: Downloaded newer image for nginx:latest",
        "0a1b2c3d4e5f",
    ];

    #[test]
    fn finds_the_progress_of_pulls() {
        assert_eq!(
            pulls(&PULL).lines,
            [true, true, true, true, true, true, false]
        );
        let none = pulls(&[
            "0a1b2c3d4e5f: Pull complete",
            "docker.io/library/nginx:latest",
            "Digest: sha256:ab",
        ]);
        assert_eq!(none.lines, [false; 3]);
        let pull = pulls(&[
            "Using default tag: latest",
            "latest: Pulling from library/nginx",
            "Status: Image is up to date for nginx:latest",
            "docker.io/library/nginx:latest",
        ]);
        assert_eq!(pull.lines, [true; 4]);
    }

    #[test]
    fn names_of_images_count() {
        let (printed, absent) = (pulls(&PULL), Pulls::default());
        let stranger =
            |actual: &Pulls, command: &str| printed.stranger(actual, &Script::parse(command));
        assert_eq!(stranger(&absent, "docker run -d nginx"), None);
        assert_eq!(stranger(&absent, "docker run -d nginx:latest"), None);
        assert_eq!(stranger(&absent, "docker run -d httpd"), Some(0));
        assert_eq!(stranger(&absent, "docker compose up -d"), None);
        assert_eq!(stranger(&pulls(&PULL), "docker compose up -d"), None);
        let other = pulls(&["Unable to find image 'httpd:latest' locally"]);
        assert_eq!(stranger(&other, "docker compose up -d"), Some(0));
    }
}

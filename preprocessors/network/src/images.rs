//! The images that a Compose file names.

use crate::project::expand;
use crate::yaml::{self, Node, Value};

/// The images of a Compose file's services, those that it builds left out. None if the text can't be read.
#[must_use]
pub fn compose_images(text: &str) -> Vec<String> {
    let documents = yaml::parse_all(text, 0, true).unwrap_or_default();
    let services = documents.iter();
    let services = services.flat_map(|document| entries(value(document, "services")));
    let pulled = services.filter(|service| value(service, "build").is_none());
    // A name with a variable in it is known when it is run, unless it has a default.
    let image = |service: &Node| expand(value(service, "image")?.scalar()?, &|_| None).ok();
    pulled
        .filter_map(image)
        .filter(|name| !name.contains('$'))
        .collect()
}

fn value<'a>(map: &'a Node, key: &str) -> Option<&'a Node> {
    match &map.value {
        Value::Map(entries) => entries
            .iter()
            .rev()
            .find(|(k, _)| k.name == key)
            .map(|(_, v)| v),
        _ => None,
    }
}

fn entries(map: Option<&Node>) -> Vec<&Node> {
    match map.map(|map| &map.value) {
        Some(Value::Map(entries)) => entries.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pulled() {
        let text = "services:\n  web: {image: 'nginx:1'}\n  app: {build: ., image: me/app}\n  db: {image: \"${DB:-mysql:9}\"}\n  \
                    x: {image: \"a:$TAG\"}\n  y:\n";
        assert_eq!(compose_images(text), ["nginx:1", "mysql:9"]);
        assert_eq!(compose_images("services: ["), [] as [&str; 0]);
        assert_eq!(compose_images("- a"), [] as [&str; 0]);
    }
}

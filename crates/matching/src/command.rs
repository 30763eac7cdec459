//! What matching wants to know of a typed command, beyond what [`Script`] tells.

use std::sync::Arc;

use seaworthy_words::{Call, Script};

use super::bindings::Occurrence;

/// How many words of a command are kept as owners of what it prints.
const OWNERS: usize = 64;

/// Whether a call of Docker may print ids: unless a template asks for something else, as for a label or a limit.
pub(super) fn asks_for_ids(call: &Call<'_>) -> bool {
    const OF_IDS: [&str; 9] = [
        "ID",
        "Id",
        "Container",
        "Image",
        "Digest",
        "json",
        "{{.}}",
        "println",
        "Sandbox",
    ];
    let mut templates = call
        .rest
        .iter()
        .filter(|word| word.contains("{{"))
        .peekable();
    templates.peek().is_none()
        || templates.any(|template| OF_IDS.iter().any(|known| template.contains(known)))
}

/// The member that `{{json .NetworkSettings.Networks}}` prints, and the one thing that is inspected.
pub(super) fn inspected_member(command: &Script) -> Option<(&str, &str)> {
    let (_, rest) = command.text().split_once("{{json .")?;
    let (path, _) = rest.split_once("}}")?;
    let member = path.trim().rsplit('.').next()?;
    let calls = command.calls();
    let [call] = calls.as_slice() else {
        return None;
    };
    let operands: Vec<&str> = call.operands().collect();
    match operands.as_slice() {
        [name] if call.verb == "inspect" => Some((member, name)),
        _ => None,
    }
}

/// What is noted of the values that a command prints.
pub(super) fn occurrence(command: &Script) -> Occurrence {
    let words = command.commands().into_iter().flat_map(|simple| {
        let all = simple.assignments.iter().chain(&simple.words);
        all.map(|word| word.value.clone()).collect::<Vec<_>>()
    });
    let owners: Arc<[String]> = words.take(OWNERS).collect();
    let passing = command.calls().iter().any(Call::runs_in_foreground);
    Occurrence {
        since: None,
        owners,
        passing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_asks_for() {
        for (text, ids) in [
            ("docker ps", true),
            ("docker ps --format '{{.ID}}'", true),
            ("docker inspect -f '{{json .Config}}' web", true),
            ("docker ps --format '{{.Names}}'", false),
            ("docker inspect --format={{.Config.Labels.x}} web", false),
        ] {
            assert_eq!(asks_for_ids(&Script::parse(text).calls()[0]), ids, "{text}");
        }
    }

    #[test]
    fn what_is_inspected() {
        let member = "{{json .NetworkSettings.Networks}}";
        for (text, found) in [
            ("docker inspect -f '_' web", Some(("Networks", "web"))),
            ("docker inspect --format '_' web", Some(("Networks", "web"))),
            ("docker network inspect -f='_' a", Some(("Networks", "a"))),
            ("docker inspect -f '_' web db", None),
            ("docker ps --format '_'", None),
            ("docker inspect -f '_' web; docker ps", None),
            ("docker inspect web", None),
        ] {
            let script = Script::parse(text.replace('_', member));
            assert_eq!(inspected_member(&script), found, "{text}");
        }
    }

    #[test]
    fn owners_are_all_words() {
        let found = occurrence(&Script::parse("A=1 docker run --rm 'x y' && ls $(id -u)"));
        assert_eq!(
            *found.owners,
            [
                "A=1", "docker", "run", "--rm", "x y", "ls", "$(id -u)", "id", "-u"
            ]
        );
        assert!(found.passing);
        assert!(!occurrence(&Script::parse("docker run -d x")).passing);
    }
}

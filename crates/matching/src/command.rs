//! What matching wants to know of a typed command, beyond what [`Script`] tells.

use seaworthy_words::{Call, Script};

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
}

//! Code in colours: highlight.js, only where there is code in a language that it knows, and with the book's languages only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::built;
use super::files::{hashed, read, write};
use super::styles::root_of;
use crate::error::SystemError;

/// How the part of a language begins in highlight.js.
const PART: &str = "hljs.registerLanguage(\"";

/// mdBook's style sheets for code, by the name that its script knows them by, and the themes in which each is used.
const SHEETS: [(&str, &str, &str); 3] = [
    (
        "mdbook-highlight-css",
        "highlight.css",
        "html:not(.coal, .navy, .ayu)",
    ),
    (
        "mdbook-tomorrow-night-css",
        "tomorrow-night.css",
        "html:is(.coal, .navy)",
    ),
    ("mdbook-ayu-highlight-css", "ayu-highlight.css", "html.ayu"),
];

/// What stands in for scripts that a page doesn't load: mdBook's own script calls them all the same.
const STAND_INS: &str = include_str!("../../theme/seaworthy-stand-ins.js");

/// What pages with code load.
#[derive(Default)]
pub(super) struct Highlighter {
    /// mdBook's file, and the one that takes its place.
    script: Option<(String, String)>,
    /// The languages that it knows, by all their names; all of them, if that can't be told.
    known: Option<BTreeSet<String>>,
    /// mdBook's sheets and the file that takes their place.
    sheet: Option<(Vec<String>, String)>,
    /// The file of what stands in for what a page doesn't load.
    stand_ins: String,
}

impl Highlighter {
    /// Writes what the site in the folder `site` needs for code in `languages`.
    ///
    /// # Errors
    /// If a file can't be read or written.
    pub(super) fn write(site: &Path, languages: &BTreeSet<&String>) -> Result<Self, SystemError> {
        let Some(script) = built(site, "highlight.js") else {
            return Ok(Self::default());
        };
        let script = script.to_string_lossy().into_owned();
        let text = read(site, &script)?;
        let parts = Parts::of(&text);
        let own = if parts.languages.is_empty() {
            // A book's own, put together in another way.
            script.clone()
        } else {
            let text = parts.with(languages);
            let name = hashed("code", "js", text.as_bytes());
            write(site, &name, text.as_bytes())?;
            name
        };
        let stand_ins = hashed("stand-ins", "js", STAND_INS.as_bytes());
        write(site, &stand_ins, STAND_INS.as_bytes())?;
        Ok(Self {
            stand_ins,
            script: Some((script, own)),
            known: (!parts.languages.is_empty()).then(|| parts.names()),
            sheet: sheet(site)?,
        })
    }

    /// The page with what code in `languages` needs, and nothing else.
    pub(super) fn put_into(&self, html: &str, languages: &BTreeSet<String>) -> String {
        let mut html = html.to_owned();
        let up = root_of(&html).to_owned();
        let known = |language: &String| {
            self.known
                .as_ref()
                .is_none_or(|known| known.contains(language))
        };
        let coloured = languages.iter().any(known);
        if let Some((script, own)) = &self.script {
            let tag = |file: &str| format!("<script src=\"{up}{file}\"></script>");
            let mut scripts = vec![tag(&self.stand_ins)];
            scripts.extend(coloured.then(|| tag(own)));
            html = html.replacen(&tag(script), &scripts.join("\n        "), 1);
        }
        if let Some((sheets, own)) = &self.sheet {
            // It gives all blocks of code their ground.
            let mut own = (!languages.is_empty())
                .then(|| format!("<link rel=\"stylesheet\" href=\"{up}{own}\">"));
            for ((id, ..), file) in SHEETS.iter().zip(sheets) {
                let line = format!("<link rel=\"stylesheet\" id=\"{id}\" href=\"{up}{file}\">");
                let link = if html.contains(&line) {
                    own.take()
                } else {
                    None
                };
                // mdBook's script switches what has this name on and off.
                let instead = format!(
                    "{}<template id=\"{id}\"></template>",
                    link.unwrap_or_default()
                );
                html = html.replacen(&line, &instead, 1);
            }
        }
        if let Some((before, rest)) = html.split_once(&format!("<script src=\"{up}clipboard"))
            && let Some((_, after)) = rest.split_once("</script>")
        {
            html = format!("{}{after}", before.trim_end());
        }
        html
    }
}

/// Writes mdBook's style sheets for code as one, each for its themes.
fn sheet(site: &Path) -> Result<Option<(Vec<String>, String)>, SystemError> {
    let mut places = Vec::new();
    let mut text = String::new();
    for (_, name, themes) in SHEETS {
        let Some(place) = built(site, name) else {
            return Ok(None);
        };
        let place = place.to_string_lossy().into_owned();
        // `:where` weighs nothing: what a book says of these colours still counts.
        text.push_str(&format!(
            ":where({themes}) {{\n{}\n}}\n",
            read(site, &place)?.trim()
        ));
        places.push(place);
    }
    let name = hashed("code", "css", text.as_bytes());
    write(site, &name, text.as_bytes())?;
    Ok(Some((places, name)))
}

/// The parts of highlight.js.
struct Parts<'a> {
    core: &'a str,
    languages: BTreeMap<&'a str, &'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let starts: Vec<_> = text.match_indices(PART).map(|(at, _)| at).collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let languages = starts.iter().zip(ends).filter_map(|(start, end)| {
            let part = &text[*start..end];
            let name = part[PART.len()..].split('"').next()?;
            Some((name, part))
        });
        Self {
            core: &text[..starts.first().copied().unwrap_or(text.len())],
            languages: languages.collect(),
        }
    }

    /// The script for these languages, and those that they are made of.
    fn with(&self, languages: &BTreeSet<&String>) -> String {
        let mut needed = BTreeSet::new();
        let mut open: Vec<&str> = languages
            .iter()
            .filter_map(|name| self.called(name))
            .collect();
        while let Some(name) = open.pop() {
            if needed.insert(name) {
                open.extend(self.made_of(self.languages[name]));
            }
        }
        let mut text = self.core.to_owned();
        // In the file's own order: one may be made from another that stands before it.
        let mut parts: Vec<_> = needed.iter().map(|name| self.languages[*name]).collect();
        parts.sort_by_key(|part| part.as_ptr());
        parts.iter().for_each(|part| text.push_str(part));
        text
    }

    /// The language that `name` means.
    fn called(&self, name: &str) -> Option<&'a str> {
        let mut all = self.languages.iter();
        let found = all.find(|(own, part)| **own == name || aliases(part).contains(&name));
        found.map(|(own, _)| *own)
    }

    /// The languages of which one is made whose part this is.
    fn made_of(&self, part: &str) -> Vec<&'a str> {
        let named = |name: &str| {
            let name = format!("\"{name}\"");
            let marks = ["subLanguage:", "getLanguage(", "requireLanguage("];
            let mut places = part.match_indices(&name);
            places.any(|(at, _)| {
                let before = &part[..at];
                let list =
                    before
                        .rfind('[')
                        .map_or(before, |open| match before[open..].contains(']') {
                            true => before,
                            false => &before[..open],
                        });
                marks
                    .iter()
                    .any(|mark| before.ends_with(mark) || list.ends_with(mark))
            })
        };
        self.languages
            .keys()
            .copied()
            .filter(|name| named(name))
            .collect()
    }

    /// All names of all languages.
    fn names(&self) -> BTreeSet<String> {
        let all = self.languages.iter();
        let all = all.flat_map(|(name, part)| aliases(part).into_iter().chain([*name]));
        // What is plain has no colours.
        let plain = ["plaintext", "text", "txt"];
        all.filter(|name| !plain.contains(name))
            .map(str::to_owned)
            .collect()
    }
}

/// The other names of the language whose part this is.
fn aliases(part: &str) -> Vec<&str> {
    let Some((_, rest)) = part.split_once("aliases") else {
        return Vec::new();
    };
    let list = rest
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let list = list.map_or("", |(list, _)| list);
    let names = list.split(',').map(|name| name.trim_matches('"'));
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "var hljs=0;\nhljs.registerLanguage(\"bash\",1);\nhljs.registerLanguage(\"c-like\",2);\nhljs.registerLanguage(\"c\",f(){e.getLanguage(\"c-like\");n.aliases=[\"h\"]});\nhljs.registerLanguage(\"shell\",{aliases:[\"console\"],subLanguage:\"bash\"});\nhljs.registerLanguage(\"xml\",{subLanguage:[\"css\",\"c\"],x:[],y:\"bash\"});\nhljs.registerLanguage(\"css\",3);\nhljs.registerLanguage(\"plaintext\",{aliases:[\"text\",\"txt\"]});";

    #[test]
    fn a_language_comes_with_those_that_it_is_made_of() {
        let parts = Parts::of(SCRIPT);
        let with = |name: &str| {
            let text = parts.with(&BTreeSet::from([&name.to_owned()]));
            let named = text.split(PART).skip(1);
            named
                .map(|part| part.split('"').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(with("h"), ["c-like", "c"]);
        assert_eq!(with("console"), ["bash", "shell"]);
        assert_eq!(with("xml"), ["c-like", "c", "xml", "css"]);
        assert!(with("dockerfile").is_empty());
        assert!(parts.names().contains("console") && !parts.names().contains("text"));
        assert!(Parts::of("var hljs=1;").languages.is_empty());
    }
}

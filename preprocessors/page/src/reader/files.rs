//! Files that a page writes, and pictures: a block may be both.

use seaworthy_blocks::{Attribute, Block, Fault, FaultCode};
use seaworthy_network::Diagram;

use super::others::not_apart;
use super::{PageReader, copy};
use crate::attributes::of_diagram;
use crate::languages::{DIAGRAM, FILE_OF_DIAGRAM};
use crate::{DiagramStep, FileStep, MachineId, Step};

/// What Compose reads if it is told nothing else, and the names of older days:
/// <https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file>.
const COMPOSE_FILES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// Where the text of a picture comes from.
enum Text {
    /// It stands in its block.
    Block(String),
    /// It is a file that the page has written before.
    Earlier(String),
}

impl PageReader<'_> {
    /// Reads a block that is written as a file; whether it can be.
    pub(super) fn file(
        &mut self,
        block: &Block,
        file: &Attribute,
        attributes: &[Attribute],
    ) -> Option<()> {
        let (on, machine) = self.machine_of(attributes)?;
        let path = file.value.as_deref().unwrap_or_default();
        let outside = path.starts_with('/') || path.split('/').any(|part| part == "..");
        if path.is_empty() || path.ends_with('/') || outside {
            self.faults.push(
                Fault::error(FaultCode::InvalidPath, file.span.clone(), "`file` needs a path in the page's folder")
                    .help("write, for example, `file=app/Dockerfile`; it can't begin with `/` or hold `..`"),
            );
            return None;
        }
        let content = block.body();
        if copy::is_dockerfile(path) {
            self.images.dockerfile(&content, block.range.start);
        }
        let drawn = block.language == DIAGRAM;
        let name = path.rsplit('/').next().unwrap_or_default();
        if drawn || COMPOSE_FILES.contains(&name) {
            self.images.compose(&content, block.range.start);
        }
        let parts = [
            ("path", path.as_bytes()),
            ("on", on.unwrap_or_default().as_bytes()),
            ("content", content.as_bytes()),
        ];
        self.chain.add("file", &parts);
        let language = if drawn {
            FILE_OF_DIAGRAM
        } else {
            &block.language
        };
        self.steps.push(Step::File(FileStep {
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            machine,
            path: path.to_owned(),
            language: language.to_owned(),
            content,
            drawn,
        }));
        Some(())
    }

    /// The machine that these attributes name, if they name one, and what they say.
    fn machine_of<'b>(
        &mut self,
        attributes: &'b [Attribute],
    ) -> Option<(Option<&'b str>, MachineId)> {
        let on = attributes.iter().find(|a| a.key == "on");
        let named = on.map(|on| on.value.as_deref().unwrap_or_default());
        let span = on.map_or(0..0, |on| on.span.clone());
        Some((named, self.machine(named, &span)?))
    }

    /// Reads a picture. With a `file` its block is that file too; an empty block shows one that was written before.
    pub(super) fn diagram(
        &mut self,
        block: &Block,
        attributes: &[Attribute],
        file: Option<&Attribute>,
    ) {
        let body = block.body();
        let text = match file {
            Some(file) if body.trim().is_empty() => self.written(file, attributes),
            Some(file) => {
                let written = self.file(block, file, attributes);
                written.map(|()| Text::Block(body.clone()))
            }
            None => Some(Text::Block(body.clone())),
        };
        let diagram = text.and_then(|text| self.picture(block, &text));
        let read = of_diagram(attributes).map_err(|faults| self.faults.extend(faults));
        let (Some(diagram), Ok((verify, title))) = (diagram, read) else {
            return;
        };
        let is_file = file.is_some() && !body.trim().is_empty();
        if verify && is_file {
            return self.too_early(attributes);
        }
        if verify && self.apart {
            let fence = block.range.start..block.info.end;
            let why = "nothing stays for a diagram to be compared with";
            return self.faults.push(not_apart(fence, why));
        }
        if verify && self.lacks_a_machine(block, &diagram) {
            return;
        }
        // Looking at an engine changes nothing, so what follows doesn't depend on the picture.
        let mut chain = self.chain.clone();
        let fence = &self.source.text()[block.info.clone()];
        let parts = [("fence", fence.as_bytes()), ("body", body.as_bytes())];
        chain.add("diagram", &parts);
        let named = file
            .and_then(|file| file.value.clone())
            .filter(|_| !is_file);
        let id = self.id("diagram", std::iter::once(body).chain(named));
        self.steps.push(Step::Diagram(DiagramStep {
            id,
            fingerprint: chain.fingerprint(),
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            verify,
            title,
            diagram,
        }));
    }

    /// The file that the page has written under the name that `file` says. That there is none is a fault.
    fn written(&mut self, file: &Attribute, attributes: &[Attribute]) -> Option<Text> {
        let (_, machine) = self.machine_of(attributes)?;
        let path = file.value.as_deref().unwrap_or_default();
        let earlier = self.steps.iter().rev().find_map(|step| match step {
            Step::File(step) if step.path == path && step.machine == machine => Some(step),
            _ => None,
        });
        if earlier.is_none() {
            self.faults.push(
                Fault::error(
                    FaultCode::InvalidPath,
                    file.span.clone(),
                    format!("the page writes no file `{path}` before this"),
                )
                .help(
                    "put its text into this block, which is the file then, or write it further up",
                ),
            );
        }
        Some(Text::Earlier(earlier?.content.clone()))
    }

    /// Reads the text of the picture in `block`.
    fn picture(&mut self, block: &Block, text: &Text) -> Option<Diagram> {
        let fence = block.range.start..block.info.end;
        let located = |fault: Fault| Fault {
            span: match text {
                Text::Block(_) => block.locate(&fault.span),
                Text::Earlier(_) => fence.clone(),
            },
            ..fault
        };
        let (Text::Block(body) | Text::Earlier(body)) = text;
        match Diagram::parse_for(body, self.pictured) {
            Ok((diagram, warnings)) => {
                self.faults.extend(warnings.into_iter().map(located));
                Some(diagram)
            }
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(located));
                None
            }
        }
    }

    /// Nothing can look like a file that is only written here.
    fn too_early(&mut self, attributes: &[Attribute]) {
        let verify = attributes.iter().find(|a| a.key == "verify");
        self.faults.push(
            Fault::error(
                FaultCode::ContradictoryAttributes,
                verify.map_or(0..0, |a| a.span.clone()),
                "the file is only written here, so nothing of it can be up",
            )
            .help("verify it below `docker compose up`, with an empty `network` block that has `verify` and the same `file`"),
        );
    }

    /// Whether a picture that is verified shows hosts that the page hasn't, which is a fault.
    fn lacks_a_machine(&mut self, block: &Block, diagram: &Diagram) -> bool {
        let fence = block.range.start..block.info.end;
        let hosts = diagram.expectations().hosts;
        // A picture of one host means the page's machine, whatever the picture calls it.
        let several = hosts.len() > 1 || self.machines.len() > 1;
        let lacking = hosts
            .iter()
            .filter(|host| several && self.machine(Some(host.as_str()), &fence).is_none());
        lacking.count() > 0
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::source::tests::Files;
    use crate::{BookSettings, Page, Step};

    fn load(text: &'static str) -> Result<Page, Vec<(usize, String)>> {
        let files = Files([("src/a.md", text)].into());
        let page = Page::load(Path::new("src/a.md"), &files, &BookSettings::default());
        let told =
            |fault: &seaworthy_blocks::Diagnostic| (fault.line(), fault.fault.message.clone());
        page.map_err(|faults| faults.iter().map(told).collect())
    }

    const FILE: &str =
        "```network,file=app/compose.yaml\nservices:\n  web: {image: \"nginx:1\"}\n```\n";

    #[test]
    fn a_block_is_picture_and_file() {
        let page = load(FILE).unwrap();
        let [Step::File(file), Step::Diagram(diagram)] = page.steps.as_slice() else {
            panic!("{:?}", page.steps);
        };
        assert_eq!(
            (file.path.as_str(), file.language.as_str()),
            ("app/compose.yaml", "yaml")
        );
        assert_eq!(file.content, "services:\n  web: {image: \"nginx:1\"}\n");
        assert!(file.drawn && !diagram.verify);
        assert_eq!(file.range, diagram.range);
        let images: Vec<_> = page
            .images
            .iter()
            .map(|image| image.reference.as_str())
            .collect();
        assert_eq!(images, ["nginx:1"]);
        // What is written is part of what is run.
        let text = "```network,file=a.yaml\nservices: {a: {}}\n```\n\n```console\n$ b\n```\n";
        let other = "```network,file=a.yaml\nservices: {c: {}}\n```\n\n```console\n$ b\n```\n";
        let fingerprint = |text| {
            load(text)
                .unwrap()
                .sessions()
                .next()
                .unwrap()
                .fingerprint
                .clone()
        };
        assert_ne!(fingerprint(text), fingerprint(other));
    }

    #[test]
    fn an_empty_block_shows_what_was_written() {
        let page = load(
            "```yaml,file=a.yaml\nservices:\n  web: {}\n```\n\n```network,verify,file=a.yaml\n```\n",
        );
        let page = page.unwrap();
        let [Step::File(file), Step::Diagram(diagram)] = page.steps.as_slice() else {
            panic!("{:?}", page.steps);
        };
        assert!(diagram.verify && !file.drawn);
        assert!(
            diagram.diagram.text().contains("web"),
            "{}",
            diagram.diagram.text()
        );
    }

    #[test]
    fn what_cannot_be_both() {
        for (text, line, message) in [
            (
                "```network,verify,file=a.yaml\nservices: {a: {}}\n```\n",
                1,
                "the file is only written here",
            ),
            (
                "```network,file=a.yaml\n```\n",
                1,
                "the page writes no file `a.yaml` before this",
            ),
            (
                "```network,file=/a.yaml\nservices: {a: {}}\n```\n",
                1,
                "`file` needs a path",
            ),
            (
                "```network,on=n2\nservices: {a: {}}\n```\n",
                1,
                "a picture is on no machine",
            ),
            (
                "```network,file=a.yaml,on=n2\nservices: {a: {}}\n```\n",
                1,
                "the page has no machine `n2`",
            ),
            (
                "```yaml,file=a.yaml\nservices: {a: {networks: [b]}}\n```\n\n```network,file=a.yaml\n```\n",
                5,
                "`b`",
            ),
        ] {
            let faults = load(text).unwrap_err();
            let told = |(at, said): &(usize, String)| *at == line && said.contains(message);
            assert!(faults.iter().any(told), "{text}: {faults:?}");
        }
    }
}

//! Files and diagrams of a page.

use seaworthy_blocks::{Attribute, Block, Fault, FaultCode};
use seaworthy_network::Diagram;

use super::others::not_apart;
use super::{PageReader, copy};
use crate::attributes::of_diagram;
use crate::{DiagramStep, FileStep, MachineId, Step};

impl PageReader<'_> {
    pub(super) fn file(
        &mut self,
        block: &Block,
        file: &Attribute,
        (on, machine): (Option<&str>, MachineId),
    ) {
        let path = file.value.as_deref().unwrap_or_default();
        let outside = path.starts_with('/') || path.split('/').any(|part| part == "..");
        if path.is_empty() || path.ends_with('/') || outside {
            self.faults.push(
                Fault::error(FaultCode::InvalidPath, file.span.clone(), "`file` needs a path in the page's folder")
                    .help("write, for example, `file=app/Dockerfile`; it can't begin with `/` or hold `..`"),
            );
            return;
        }
        let content = block.body();
        if copy::is_dockerfile(path) {
            self.images.dockerfile(&content, block.range.start);
        }
        let parts = [
            ("path", path.as_bytes()),
            ("on", on.unwrap_or_default().as_bytes()),
            ("content", content.as_bytes()),
        ];
        self.chain.add("file", &parts);
        self.steps.push(Step::File(FileStep {
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            machine,
            path: path.to_owned(),
            language: block.language.clone(),
            content,
        }));
    }

    pub(super) fn diagram(&mut self, block: &Block, attributes: &[Attribute]) {
        let body = block.body();
        let located = |fault: Fault| Fault {
            span: block.locate(&fault.span),
            ..fault
        };
        let diagram = match Diagram::parse_for(&body, self.pictured) {
            Ok((diagram, warnings)) => {
                self.faults.extend(warnings.into_iter().map(located));
                Some(diagram)
            }
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(located));
                None
            }
        };
        let attributes = of_diagram(attributes).map_err(|faults| self.faults.extend(faults));
        let (Some(diagram), Ok((verify, title))) = (diagram, attributes) else {
            return;
        };
        if verify && self.apart {
            let fence = block.range.start..block.info.end;
            self.faults.push(not_apart(
                fence,
                "nothing stays for a diagram to be compared with",
            ));
            return;
        }
        if verify {
            let fence = block.range.start..block.info.end;
            let hosts = diagram.expectations().hosts;
            // A picture of one host means the page's machine, whatever the picture calls it.
            let several = hosts.len() > 1 || self.machines.len() > 1;
            let lacking = hosts
                .iter()
                .filter(|host| several && self.machine(Some(host.as_str()), &fence).is_none());
            if lacking.count() > 0 {
                return;
            }
        }
        // Looking at an engine changes nothing, so what follows doesn't depend on the picture.
        let mut chain = self.chain.clone();
        let fence = &self.source.text()[block.info.clone()];
        let parts = [("fence", fence.as_bytes()), ("body", body.as_bytes())];
        chain.add("diagram", &parts);
        let id = self.id("diagram", [body]);
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
}

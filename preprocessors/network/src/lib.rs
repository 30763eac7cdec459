//! Draws the networks of a Compose file: as SVG, in words, and as expectations that an engine can be
//! compared with. Enter at [`Diagram::parse`].
//!
//! ```
//! use seaworthy_network::{Diagram, SvgOptions};
//!
//! let text = "
//! services:
//!   web: {ports: [\"8080:80\"], networks: [front]}
//!   app: {networks: [front, back]}
//!   db: {networks: [back]}
//! networks: {front: , back: {internal: true}}
//! ";
//! let (diagram, warnings) = Diagram::parse(text).map_err(|faults| faults[0].message.clone())?;
//! assert!(warnings.is_empty());
//! assert!(diagram.svg(&SvgOptions::default()).starts_with("<svg"));
//! assert!(diagram.text().contains("No way between web and db"));
//! # Ok::<(), String>(())
//! ```
//!
//! Text goes in and values come out: nothing here reads a file, knows an engine or starts anything.

mod changes;
mod compose;
mod draw;
mod images;
mod layout;
mod measure;
mod model;
mod project;
mod reach;
mod resolve;
mod running;
mod text;
mod theme;
mod verify;
mod words;
mod yaml;

use seaworthy_blocks::{Diagnostic, Fault, FaultCode, Severity};

pub use compose::{PortRange, Protocol};
pub use draw::SvgOptions;
pub use images::compose_images;
pub use layout::Palette;
pub use project::{Loader, Project, ProjectError, Unread};
pub use reach::{Answer, Doubt, EngineVersion, Obstacle, Origin, Question, Way};
pub use seaworthy_words::Subnet;
pub use theme::stylesheet;
pub use verify::{
    ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualPort, ActualState,
    Difference, Expectations, ExpectedContainer, ExpectedMembership, ExpectedNetwork, ExpectedPort,
    ExpectedStack, ExpectedTraffic, verify,
};

use compose::Author;
use model::Model;
use project::{Loaded, load, load_text};
use reach::Reach;

/// A diagram of networks, checked.
#[derive(Clone, Debug)]
pub struct Diagram {
    model: Model,
}

impl Diagram {
    /// Reads the text of a diagram: Compose syntax with `x-hosts`, `x-clients` and `x-traffic`.
    /// Returns the diagram and what is worth a warning.
    ///
    /// # Errors
    /// All faults at once, warnings among them, in the order of the text; their spans are bytes of `body`.
    pub fn parse(body: &str) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        Diagram::parse_for(body, EngineVersion::default())
    }

    /// As [`Diagram::parse`]; what it says of ways must hold for engines of this version, unless it names another
    /// itself (`x-docker`).
    ///
    /// # Errors
    /// As [`Diagram::parse`].
    pub fn parse_for(
        body: &str,
        engine: EngineVersion,
    ) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        let loaded = load_text(body, Author::Diagram);
        Diagram::read(&loaded, Author::Diagram, engine)
    }

    /// Reads any Compose file, on its own. Unlike in a diagram, `x-` keys that aren't drawn are no fault there, and what
    /// Docker refuses only when it is run is a warning.
    ///
    /// # Errors
    /// As [`Diagram::parse`].
    pub fn parse_compose_file(text: &str) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        let loaded = load_text(text, Author::Compose);
        Diagram::read(&loaded, Author::Compose, EngineVersion::default())
    }

    /// Reads a whole Compose project, as `docker compose config` does. Returns the diagram and what is worth a warning.
    ///
    /// # Errors
    /// A file that can't be read, or all faults at once, warnings among them, each in its file.
    pub fn load(
        project: &Project,
        loader: &dyn Loader,
    ) -> Result<(Diagram, Vec<Diagnostic>), ProjectError> {
        let loaded = load(project, loader)?;
        let read = Diagram::read(&loaded, Author::Compose, EngineVersion::default());
        let told = |faults| loaded.sources.diagnostics(faults);
        match read {
            Ok((diagram, warnings)) => Ok((diagram, told(warnings))),
            Err(faults) => Err(ProjectError::Faults(told(faults))),
        }
    }

    /// The picture of what runs on an engine: of one Compose project, or all of it. `None` if no container runs there.
    #[must_use]
    pub fn of_engine(machine: &ActualMachine, project: Option<&str>) -> Option<Diagram> {
        let model = running::model(machine, project)?;
        Some(Diagram { model })
    }

    fn read(
        loaded: &Loaded,
        author: Author,
        engine: EngineVersion,
    ) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        let mut faults = loaded.faults.clone();
        let document = compose::read(loaded, author, &mut faults);
        let model = resolve::resolve(&document, engine, &mut faults);
        if author == Author::Compose {
            faults.iter_mut().for_each(soften);
        }
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults.dedup();
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            return Err(faults);
        }
        Ok((Diagram { model }, faults))
    }

    /// Leaves a network out of the picture. What is known of ways stays, and its members' cards name it.
    ///
    /// # Errors
    /// There is no network of that name; in words.
    pub fn hide(&mut self, network: &str) -> Result<(), String> {
        let mut found = false;
        for one in self.model.networks.iter_mut().filter(|n| n.name == network) {
            one.hidden = true;
            found = true;
        }
        if found {
            return Ok(());
        }
        let names: Vec<&str> = self
            .model
            .networks
            .iter()
            .map(|n| n.name.as_str())
            .collect();
        let said = format!("there is no network `{network}` to hide");
        Err(match seaworthy_words::nearest(network, &names) {
            Some(meant) => format!("{said}: did you mean `{meant}`?"),
            None => said,
        })
    }

    /// The drawing, on one line.
    #[must_use]
    pub fn svg(&self, options: &SvgOptions) -> String {
        let layout = layout::layout(&self.model, &options.palette);
        let title = options.title.clone().unwrap_or_else(|| self.title());
        draw::svg(&self.model, &layout, options, &title, &self.description())
    }

    /// This picture and an older one in one: what came, what went and what changed is marked, and told in place of who
    /// reaches whom.
    #[must_use]
    pub fn since(&self, old: &Diagram) -> Diagram {
        Diagram {
            model: changes::between(&old.model, &self.model),
        }
    }

    /// Gives the networks of this picture colours in `palette`, which then are theirs in all pictures that are drawn
    /// with it.
    pub fn colour(&self, palette: &mut Palette) {
        palette.add(&self.model);
    }

    /// A title, made from the content.
    #[must_use]
    pub fn title(&self) -> String {
        text::title(&self.model)
    }

    /// What the picture shows, in one paragraph.
    #[must_use]
    pub fn description(&self) -> String {
        text::description(&self.model)
    }

    /// All that the picture shows, as plain text in lists.
    #[must_use]
    pub fn text(&self) -> String {
        text::Outline::of(&self.model).plain()
    }

    /// The same as HTML, on one line and without ids.
    #[must_use]
    pub fn text_html(&self) -> String {
        text::Outline::of(&self.model).html()
    }

    /// Whether and how `question` gets from `from` to a container on engines of version `engine`: the container's
    /// index in [`Expectations::containers`].
    ///
    /// # Panics
    /// If there is no such container, or `from` names none.
    #[must_use]
    pub fn reach(
        &self,
        engine: EngineVersion,
        from: Origin,
        to: usize,
        question: Question,
    ) -> Answer {
        Reach::on(&self.model, engine).ask(from, to, question)
    }

    /// Whether a container reaches what is outside its host, on engines of version `engine`.
    ///
    /// # Panics
    /// If there is no such container.
    #[must_use]
    pub fn reach_out(&self, engine: EngineVersion, from: usize) -> Answer {
        Reach::on(&self.model, engine).out(from)
    }

    /// What the picture says of engines: see [`verify`].
    #[must_use]
    pub fn expectations(&self) -> Expectations {
        verify::expectations(&self.model)
    }

    /// The drawing and, folded below it, its text version: a `<figure>`, on one line.
    ///
    /// The drawing stands in a box that scrolls sideways where there isn't room for it. The keyboard
    /// must get there, and is told what it got to: so the box has `tabindex`, `role` and `aria-label`.
    #[must_use]
    pub fn figure(&self, options: &SvgOptions) -> String {
        format!(
            "<figure class=\"network-diagram\">\
             <div class=\"network-drawing\" role=\"group\" aria-label=\"Network diagram\" tabindex=\"0\">{}</div>\
             <details><summary>The picture in words</summary>{}</details></figure>",
            self.svg(options),
            self.text_html()
        )
    }
}

/// Compose takes what Docker refuses only when it is run: there it is worth a warning, and drawn.
fn soften(fault: &mut Fault) {
    if matches!(fault.code, FaultCode::PortTaken | FaultCode::AddressTaken) {
        fault.severity = Severity::Warning;
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

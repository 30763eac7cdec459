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

mod compose;
mod draw;
mod interpolate;
mod layout;
mod measure;
mod model;
mod reach;
mod resolve;
mod text;
mod theme;
mod verify;
mod words;
mod yaml;

use seaworthy_blocks::{Fault, Severity};

pub use compose::{PortRange, Protocol};
pub use draw::SvgOptions;
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
        Diagram::read(body, Author::Diagram, engine)
    }

    /// Reads any Compose file. Unlike in a diagram, `x-` keys that aren't drawn are no fault there.
    ///
    /// # Errors
    /// As [`Diagram::parse`].
    pub fn parse_compose_file(text: &str) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        Diagram::read(text, Author::Compose, EngineVersion::default())
    }

    fn read(
        text: &str,
        author: Author,
        engine: EngineVersion,
    ) -> Result<(Diagram, Vec<Fault>), Vec<Fault>> {
        let mut faults = Vec::new();
        let document = compose::read(text, author, &mut faults);
        let model = resolve::resolve(&document, engine, &mut faults);
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults.dedup();
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            return Err(faults);
        }
        Ok((Diagram { model }, faults))
    }

    /// The drawing, on one line.
    #[must_use]
    pub fn svg(&self, options: &SvgOptions) -> String {
        let layout = layout::layout(&self.model);
        let title = options.title.clone().unwrap_or_else(|| self.title());
        draw::svg(&self.model, &layout, options, &title, &self.description())
    }

    /// The names of its networks, in the file's order.
    pub fn networks(&self) -> impl Iterator<Item = &str> {
        self.model
            .networks
            .iter()
            .map(|network| network.name.as_str())
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

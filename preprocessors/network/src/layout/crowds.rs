//! Which containers share a row: in a large picture, those on one network of which nothing else is drawn, and which wait
//! for the same profiles, if any. Enter at [`Rows::of`].

use std::collections::{HashMap, HashSet};

use crate::model::{Container, End, Mark, Model, Stack};

/// Fewer alike containers than this keep a row each.
const LEAST: usize = 4;

/// The rows of a picture.
#[derive(Debug)]
pub(super) struct Rows {
    /// The containers of each row, by index; the first one's place is the row's.
    pub(super) rows: Vec<Vec<usize>>,
    /// The row of each container.
    row: Vec<usize>,
}

impl Rows {
    /// The rows of `model`; with `folded`, crowds have one row together.
    pub(super) fn of(model: &Model, folded: bool) -> Rows {
        let noted = noted(model);
        let crowd = |at: usize| {
            let container = &model.containers[at];
            let network = only_network(container)?;
            let alike = (container.host, network, container.waits_for.as_slice());
            (folded && !noted.contains(&at)).then_some(alike)
        };
        let mut sizes: HashMap<(usize, usize, &[String]), usize> = HashMap::new();
        for place in (0..model.containers.len()).filter_map(crowd) {
            *sizes.entry(place).or_default() += 1;
        }
        let mut rows = Rows {
            rows: Vec::new(),
            row: Vec::with_capacity(model.containers.len()),
        };
        let mut begun: HashMap<(usize, usize, &[String]), usize> = HashMap::new();
        for at in 0..model.containers.len() {
            let next = rows.rows.len();
            let row = match crowd(at).filter(|place| sizes[place] >= LEAST) {
                Some(place) => *begun.entry(place).or_insert(next),
                None => next,
            };
            if row == next {
                rows.rows.push(Vec::new());
            }
            rows.rows[row].push(at);
            rows.row.push(row);
        }
        rows
    }

    /// The row of a container.
    pub(super) fn row(&self, container: usize) -> usize {
        self.row[container]
    }
}

/// Containers of which other things are drawn: traffic, and who uses their network stacks.
fn noted(model: &Model) -> HashSet<usize> {
    let ends = model.flows.iter().flat_map(|flow| [flow.from, flow.to]);
    let in_traffic = ends.filter_map(|end| match end {
        End::Container(at) => Some(at),
        End::Client(_) => None,
    });
    let owners = model.containers.iter().filter_map(|c| match c.stack {
        Stack::Of(owner) => Some(owner),
        _ => None,
    });
    in_traffic.chain(owners).collect()
}

/// The one network that a container is on, if nothing but its name and its profiles is drawn of it.
fn only_network(container: &Container) -> Option<usize> {
    let Container {
        stack,
        interfaces,
        ports,
        listens,
        mark,
        ..
    } = container;
    let [only] = interfaces.as_slice() else {
        return None;
    };
    let plain = *stack == Stack::Own
        && (*mark, only.mark) == (Mark::Same, Mark::Same)
        && ports.is_empty()
        && listens.is_empty()
        && only.ipv4.is_none()
        && only.ipv6.is_none()
        && !only.address_unknown
        && only.aliases.is_empty();
    plain.then_some(only.network)
}

//! Which of a page's machines: its name is looked up once, when the page is read.

use seaworthy_words::nearest;

/// One of a page's machines. A page that names none has one, the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineId(usize);

impl MachineId {
    /// The place of the machine among those of its page, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }

    /// The one among `machines` that is called `name`.
    pub(crate) fn of(name: &str, machines: &[String]) -> Option<Self> {
        machines.iter().position(|one| one == name).map(Self)
    }
}

/// What helps somebody who names a machine that isn't among `machines`.
pub(crate) fn remedy(name: &str, machines: &[String]) -> String {
    let known: Vec<_> = machines.iter().map(String::as_str).collect();
    let all = || format!("its machines are: {}", known.join(", "));
    match (nearest(name, &known), known.is_empty()) {
        (_, true) => format!(
            "name the page's machines in a comment at its top, as in `<!-- seaworthy machines=\"{name},node-2\" -->`"
        ),
        (Some(near), _) => format!("did you mean `{near}`? {}", all()),
        (None, _) => all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_the_pages_machines_or_none() {
        let machines = ["node-1", "node-2"].map(str::to_owned);
        let index = |name| MachineId::of(name, &machines).map(MachineId::index);
        assert_eq!(index("node-1"), Some(0));
        assert_eq!(index("node-2"), Some(1));
        assert_eq!(index("node-3"), None);
    }

    #[test]
    fn an_unknown_name_is_told_with_its_neighbour() {
        let machines = ["manager", "worker"].map(str::to_owned);
        for (name, machines, help) in [
            (
                "managr",
                &machines[..],
                "did you mean `manager`? its machines are: manager, worker",
            ),
            ("db", &machines, "its machines are: manager, worker"),
            (
                "db",
                &[],
                "name the page's machines in a comment at its top, as in `<!-- seaworthy machines=\"db,node-2\" -->`",
            ),
        ] {
            assert_eq!(remedy(name, machines), help);
        }
    }
}

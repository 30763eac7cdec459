//! The labels on everything that Seaworthy makes on the outer engine. What doesn't bear one of ours is never removed.

/// On containers, networks and volumes of one run of the tool: the run's id.
pub const RUN: &str = "seaworthy.run";
/// On what outlives a run and `clean` keeps, images included: what it is (`machine`, `stand-in`, `image`, `layers`).
pub const CACHE: &str = "seaworthy.cache";
/// On a volume with a prepared image: the run that makes it, or made it. It is the run's until another volume names it.
pub const PREPARING: &str = "seaworthy.preparing";
/// On a volume that makes a prepared image known: the volume that holds it.
pub const LAYERS: &str = "seaworthy.layers";
/// On a volume that makes a prepared image known: the image's id in a machine.
pub const IMAGE: &str = "seaworthy.image";
/// On a run's objects: the computer that the run lives on.
pub const HOST: &str = "seaworthy.host";
/// On a run's objects: the file on that computer which the run keeps locked while it lives.
pub const LOCK: &str = "seaworthy.lock";
/// On a run's objects: when the run began, in seconds since 1970.
pub const STARTED: &str = "seaworthy.started";
/// On a stand-in image: what it was made from, in a sentence.
pub const STAND_IN: &str = "seaworthy.stand-in";
/// On a machine image: the version of the engine inside.
pub const ENGINE: &str = "seaworthy.engine";
/// On a machine image: what its recipe and the version are known by.
pub const KEY: &str = "seaworthy.key";
/// On machine images and stand-ins: the reference that they were given. An image built upon one of ours
/// inherits all labels, this one included, but not the reference itself: so the two can be told apart.
pub const REFERENCE: &str = "seaworthy.reference";

//! What the commands that talk to an engine run on.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Explain, Result};

/// A runtime for the commands that talk to an engine.
///
/// # Errors
/// If the system has no threads for it.
pub(super) fn start() -> Result<Runtime> {
    // As much as the main thread has. A page's work is one future, which is large where it isn't optimised.
    const STACK: usize = 8 << 20;
    let built = Builder::new_multi_thread()
        .thread_stack_size(STACK)
        .enable_all()
        .build();
    Ok(built.or_system(|| "can't begin to work".to_owned())?)
}

//! The images that a page needs, and where they come from.

use std::collections::BTreeMap;

use seaworthy_page::Page;
use seaworthy_report::{self as report, Origin};

use crate::engine::{Engine, EngineError, Image, Kind};

/// The images of a page, as far as they could be had.
#[derive(Default)]
pub(super) struct Found {
    /// For the report.
    pub(super) images: Vec<report::Image>,
    /// Images that couldn't be had, and why.
    pub(super) missing: BTreeMap<String, String>,
}

/// Finds the images that `page` names on the outer engine, or pulls them.
///
/// An image that can't be had fails no page by itself: a page may show just that.
pub(super) async fn find(engine: &Engine, page: &Page) -> Result<Found, EngineError> {
    let mut found = Found::default();
    for image in &page.images {
        match engine.ensure_image(&image.reference).await {
            Ok(present) => found.images.push(reported(&image.reference, &present)),
            Err(error) if error.kind() == Kind::Lost => return Err(error),
            Err(error) => {
                let why = error.to_string();
                found.missing.insert(image.reference.clone(), why);
            }
        }
    }
    Ok(found)
}

fn reported(reference: &str, image: &Image) -> report::Image {
    let origin = match image.stand_in() {
        Some(built_from) => Origin::StandIn(built_from.to_owned()),
        None if image.digest.is_some() => Origin::Registry,
        None => Origin::Local,
    };
    report::Image {
        reference: reference.to_owned(),
        digest: image.digest.clone().unwrap_or_else(|| image.id.clone()),
        origin,
    }
}

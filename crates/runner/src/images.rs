//! The images that a page needs, and where they come from.

use std::collections::BTreeMap;

use seaworthy_page::Page;
use seaworthy_report::{self as report, Origin};

use seaworthy_machine::engine::{Image, Kind};
use seaworthy_machine::{MachineError, MachineOptions, PreparedImage, Run};

/// The images of a page, as far as they could be had.
#[derive(Default)]
pub(super) struct Found {
    /// For the report.
    pub(super) images: Vec<report::Image>,
    /// For the machines.
    pub(super) prepared: Vec<PreparedImage>,
    /// Images that couldn't be had, and why.
    pub(super) missing: BTreeMap<String, String>,
}

/// Finds the images that `page` names on the outer engine, or pulls them, and prepares them for its machines.
///
/// An image that can't be had fails no page by itself: a page may show just that.
pub(super) async fn find(
    run: &Run,
    page: &Page,
    machine: &MachineOptions,
) -> Result<Found, MachineError> {
    let mut found = Found::default();
    let mut images = Vec::new();
    for image in &page.images {
        match run.engine().ensure_image(&image.reference).await {
            Ok(present) => {
                found.images.push(reported(&image.reference, &present));
                images.push(present);
            }
            Err(error) if error.kind() == Kind::Lost => return Err(error.into()),
            Err(error) => {
                let why = error.to_string();
                found.missing.insert(image.reference.clone(), why);
            }
        }
    }
    for (image, prepared) in images.iter().zip(run.prepare(&images, machine).await?) {
        match prepared {
            Ok(prepared) => found.prepared.push(prepared),
            // The page may pull it, or fail with this explanation.
            Err(error @ MachineError::Prepare { .. }) => {
                let name = image.reference.to_string();
                found.missing.insert(name, error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Adds the images that pages pulled while they ran to those that they were given.
pub(super) fn add_pulled(images: &mut Vec<report::Image>, pulled: &[Image]) {
    for image in pulled {
        let image = reported(&image.reference.to_string(), image);
        if !images.iter().any(|one| one.reference == image.reference) {
            images.push(image);
        }
    }
    images.sort();
}

fn reported(reference: &str, image: &Image) -> report::Image {
    let origin = match image.stand_in() {
        Some(of) if image.built_on_stand_in => Origin::BuiltOnStandIn(of.to_owned()),
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

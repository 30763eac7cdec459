//! Draws Compose files as pictures of dots, with resvg: `cargo run -p seaworthy-network --example raster -- FOLDER FILE…`.
//!
//! resvg knows no stylesheets' variables and no page: it stands for the viewers that don't either. Each
//! picture is twice its natural size, and goes to FOLDER under the file's name.

use std::path::Path;
use std::process::ExitCode;

use resvg::{tiny_skia, usvg};
use seaworthy_network::{Diagram, SvgOptions};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: raster FOLDER FILE…");
        return ExitCode::from(2);
    };
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    for file in arguments {
        if let Err(error) = raster(Path::new(&folder), Path::new(&file), &options) {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn raster(
    folder: &Path,
    file: &Path,
    options: &usvg::Options<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file)?;
    let (diagram, _) =
        Diagram::parse_compose_file(&text).map_err(|faults| faults[0].message.clone())?;
    let standalone = SvgOptions {
        standalone: true,
        ..SvgOptions::default()
    };
    let tree = usvg::Tree::from_str(&diagram.svg(&standalone), options)?;
    let size = tree
        .size()
        .to_int_size()
        .scale_by(2.0)
        .ok_or("an empty picture")?;
    let mut pixels =
        tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("an empty picture")?;
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(2.0, 2.0),
        &mut pixels.as_mut(),
    );
    let name = file.file_stem().ok_or("a file without a name")?;
    pixels.save_png(folder.join(name).with_extension("png"))?;
    Ok(())
}

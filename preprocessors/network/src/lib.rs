//! x
mod address;
mod compose;
mod interpolate;
mod model;
mod resolve;
mod yaml;

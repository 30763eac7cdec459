//! seaworthy-page

//! seaworthy-console

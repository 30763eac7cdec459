//! seaworthy-report

//! Faults that tests put in the way of requests.

use serde::Deserialize;

use crate::journal::is_of_the_wire;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Processed late.
    Delay,
    /// The connection is cut, nothing is processed.
    DropBefore,
    /// Processed, then the connection is cut.
    DropAfter,
    /// A fault of the service, with status 500.
    Status500,
    /// Refused for too many requests.
    Throttle,
    /// A page of HTML with status 200.
    NonJson,
    /// Held until the faults are cleared, then processed.
    Hang,
}

/// One entry of the queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// An operation, `*` for every operation, a path of the hosted pages, `api` or `jwks`.
    pub operation: String,
    /// What goes wrong.
    pub kind: Kind,
    /// For how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// How late, for [`Kind::Delay`].
    #[serde(default)]
    pub delay_ms: u64,
}

fn once() -> u32 {
    1
}

/// The queue.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault at the end.
    pub fn push(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.0.push(fault);
        }
    }

    /// Takes the first fault that is meant for a request, once.
    pub fn take(&mut self, operation: &str) -> Option<Fault> {
        let on_the_wire = is_of_the_wire(operation);
        let index =
            self.0.iter().position(|fault| fault.operation == operation || (fault.operation == "*" && on_the_wire))?;
        let fault = self.0.get_mut(index)?;
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times == 0 {
            self.0.remove(index);
        }
        Some(taken)
    }

    /// Empties the queue.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

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
    /// Refused by the error of a name, in `error`.
    Refuse,
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
    /// Which error, for [`Kind::Refuse`].
    pub error: Option<String>,
    /// How late, for [`Kind::Delay`].
    #[serde(default)]
    pub delay_ms: u64,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Refuses what cannot happen.
    ///
    /// # Errors
    /// The reason in words.
    pub fn check(&self) -> Result<(), String> {
        match (self.kind, &self.error) {
            (Kind::Refuse, _) if !is_of_the_wire(&self.operation) => Err("only operations are refused".to_owned()),
            (Kind::Refuse, error) if self.refused_with().is_none() => Err(format!("{error:?} is not an error")),
            (Kind::Refuse, _) | (_, None) => Ok(()),
            _ => Err("only the kind refuse has an error".to_owned()),
        }
    }

    /// The error that a request is refused with.
    pub fn refused_with(&self) -> Option<&'static str> {
        ERRORS.into_iter().find(|name| Some(*name) == self.error.as_deref())
    }
}

/// The errors that nothing else here brings about, and those that tests want at will.
const ERRORS: [&str; 26] = [
    "AliasExistsException",
    "CodeDeliveryFailureException",
    "ConcurrentModificationException",
    "ExternalServiceException",
    "FeatureUnavailableInTierException",
    "ForbiddenException",
    "InternalErrorException",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidIdentityPoolConfigurationException",
    "InvalidLambdaResponseException",
    "InvalidParameterException",
    "InvalidSmsRoleAccessPolicyException",
    "InvalidSmsRoleTrustRelationshipException",
    "InvalidUserPoolConfigurationException",
    "LimitExceededException",
    "MFAMethodNotFoundException",
    "NotAuthorizedException",
    "OperationNotEnabledException",
    "PasswordResetRequiredException",
    "ResourceConflictException",
    "ResourceNotFoundException",
    "TooManyRequestsException",
    "UnexpectedLambdaException",
    "UserLambdaValidationException",
    "UserNotConfirmedException",
    "UserNotFoundException",
];

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

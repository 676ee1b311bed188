//! A refusal: the error that an operation answers with.

/// An error of the service: its status, its name and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The name, with its suffix `Exception`.
    pub name: &'static str,
    /// The text for people.
    pub message: String,
}

impl Refusal {
    /// An error that the service's model declares.
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        let status = if name == "InternalErrorException" { 500 } else { 400 };
        Self { status, name, message: message.into() }
    }

    /// Wrong credentials: every cause has this one text.
    pub fn wrong_credentials() -> Self {
        Self::not_authorized("Incorrect username or password.")
    }

    /// `NotAuthorizedException`.
    pub fn not_authorized(message: impl Into<String>) -> Self {
        Self::new("NotAuthorizedException", message)
    }

    /// `InvalidParameterException`.
    pub fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// `UserNotFoundException`.
    pub fn user_not_found() -> Self {
        Self::new("UserNotFoundException", "User does not exist.")
    }

    /// A body that is not the JSON of the operation's shape.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    /// An operation that is not served.
    pub fn unknown_operation(message: impl Into<String>) -> Self {
        Self { status: 404, name: "UnknownOperationException", message: message.into() }
    }

    /// Whether the error is raised by the service's front, which names its errors in another namespace.
    pub fn is_from_the_front(&self) -> bool {
        matches!(self.name, "SerializationException" | "UnknownOperationException")
    }
}

//! Refusals: where the name stands, what it becomes, and that the message repeats nothing that was sent.

use super::support::service::{refused, reply, wrong_password};
use cognito_vault::error::{Code, Fault};
use cognito_vault::protocol::Reply;
use cognito_vault::protocol::refusal::refusal;
use cognito_vault::protocol::user_pool::{
    read_association, read_done, read_object, read_progress, read_session, read_sign_up, read_verification,
};
use cognito_vault::text::Text;

/// The errors of all operations that this client calls, as the services' models list them.
const MODELLED: [&str; 46] = [
    "AliasExists",
    "CodeDeliveryFailure",
    "CodeMismatch",
    "ConcurrentModification",
    "DeviceKeyExists",
    "EnableSoftwareTokenMFA",
    "ExpiredCode",
    "ExternalService",
    "FeatureUnavailableInTier",
    "Forbidden",
    "InternalError",
    "InvalidEmailRoleAccessPolicy",
    "InvalidIdentityPoolConfiguration",
    "InvalidLambdaResponse",
    "InvalidParameter",
    "InvalidPassword",
    "InvalidSmsRoleAccessPolicy",
    "InvalidSmsRoleTrustRelationship",
    "InvalidUserPoolConfiguration",
    "LimitExceeded",
    "MFAMethodNotFound",
    "NotAuthorized",
    "OperationNotEnabled",
    "PasswordHistoryPolicyViolation",
    "PasswordResetRequired",
    "RefreshTokenReuse",
    "ResourceConflict",
    "ResourceNotFound",
    "SoftwareTokenMFANotFound",
    "TooManyFailedAttempts",
    "TooManyRequests",
    "Unauthorized",
    "UnexpectedLambda",
    "UnsupportedOperation",
    "UnsupportedTokenType",
    "UserLambdaValidation",
    "UserNotConfirmed",
    "UserNotFound",
    "UsernameExists",
    "WebAuthnChallengeNotFound",
    "WebAuthnClientMismatch",
    "WebAuthnConfigurationMissing",
    "WebAuthnCredentialNotSupported",
    "WebAuthnNotEnabled",
    "WebAuthnOriginNotAllowed",
    "WebAuthnRelyingPartyMismatch",
];

/// The errors that any operation can raise (1.4), and those that only a token's end brings.
const COMMON: [(u16, &str, Code); 20] = [
    (403, "AccessDeniedException", Code::Forbidden),
    (403, "ExpiredTokenException", Code::NotAuthorized),
    (403, "IncompleteSignature", Code::Forbidden),
    (403, "UnrecognizedClientException", Code::Forbidden),
    (403, "ForbiddenException", Code::Forbidden),
    (500, "InternalFailure", Code::InternalError),
    (400, "MalformedHttpRequestException", Code::Serialization),
    (400, "RequestAbortedException", Code::Network),
    (401, "NotAuthorized", Code::NotAuthorized),
    (413, "RequestEntityTooLargeException", Code::InvalidParameter),
    (408, "RequestTimeoutException", Code::Timeout),
    (503, "ServiceUnavailable", Code::InternalError),
    (503, "ServiceUnavailableException", Code::InternalError),
    (400, "ThrottlingException", Code::TooManyRequests),
    (400, "Throttling", Code::TooManyRequests),
    (404, "UnknownOperationException", Code::UnsupportedOperation),
    (400, "ValidationError", Code::InvalidParameter),
    (400, "ValidationException", Code::InvalidParameter),
    (400, "SerializationException", Code::Serialization),
    (400, "TokenRevokedException", Code::NotAuthorized),
];

#[test]
fn every_name_that_these_operations_raise_has_its_code() {
    for name in MODELLED {
        let code = refusal(&refused(name, "text")).code;
        let expected = if name == "UserNotFound" { "NotAuthorized" } else { name };
        assert_eq!(code.as_str(), expected);
        assert_eq!(Code::named(name).map(Code::as_str), (name != "UserNotFound").then_some(name));
    }
    for (status, name, code) in COMMON {
        let error = refusal(&reply(status, &format!(r#"{{"__type":"{name}"}}"#)));
        assert_eq!((error.code, error.status), (code, Some(status)), "{name}");
    }
}

#[test]
fn the_name_is_found_wherever_it_stands() {
    let body = r#"{"__type":"com.amazonaws.cognito#CodeMismatchException","code":"ExpiredCodeException"}"#;
    let cases = [
        (Some("AliasExistsException"), body, Code::AliasExists),
        (Some("AliasExistsException:"), body, Code::AliasExists),
        (Some("AliasExistsException:http://internal.amazon.com/coral/x#y/"), body, Code::AliasExists),
        (Some("AliasExistsException,http://x"), body, Code::AliasExists),
        (Some("com.amazonaws.x#AliasExistsException:http://x"), body, Code::AliasExists),
        (Some(" AliasExistsException "), body, Code::AliasExists),
        (Some("AliasExists"), body, Code::AliasExists),
        (Some(""), body, Code::CodeMismatch),
        (Some(":"), body, Code::CodeMismatch),
        (None, body, Code::CodeMismatch),
        (None, r#"{"__type":"CodeMismatchException:x,y"}"#, Code::CodeMismatch),
        (None, r#"{"__type":"","code":"ExpiredCodeException"}"#, Code::ExpiredCode),
        (None, r#"{"__type":7,"code":"a#ExpiredCodeException"}"#, Code::ExpiredCode),
        (None, r#"{"code":"ExpiredCode"}"#, Code::ExpiredCode),
        (Some("CodeMismatchException"), "", Code::CodeMismatch),
        (Some("CodeMismatchException"), "<html>", Code::CodeMismatch),
    ];
    for (header, body, code) in cases {
        let reply = Reply { error_type: header.map(Text::from), ..reply(400, body) };
        assert_eq!(refusal(&reply).code, code, "{header:?} {body}");
    }
}

#[test]
fn without_a_name_the_status_decides() {
    let statuses = [
        (400, Code::Unknown),
        (403, Code::Forbidden),
        (404, Code::Unknown),
        (408, Code::Timeout),
        (429, Code::TooManyRequests),
        (500, Code::InternalError),
        (502, Code::InternalError),
        (503, Code::InternalError),
        (504, Code::InternalError),
        (204, Code::Unknown),
        (0, Code::Unknown),
    ];
    for (status, code) in statuses {
        for body in ["", "  ", "<html><body>Bad gateway</body></html>", "null", "[]", "{}", r#"{"message":"x"}"#] {
            let error = refusal(&reply(status, body));
            assert_eq!((error.code, error.status), (code, Some(status)), "{status} {body}");
            assert_eq!(error.request_id.as_deref(), Some("request-1"));
            assert_eq!(error.message, "The service refused without saying why.");
        }
    }
}

#[test]
fn a_name_that_nobody_knows_is_told() {
    let error = refusal(&refused("CoffeeBreak", "Every employee is out."));
    assert_eq!((error.code, error.message.as_ref()), (Code::Unknown, "CoffeeBreak"));
    let overload = Reply { error_type: Some("CoffeeBreakException".into()), ..reply(503, "") };
    assert_eq!(refusal(&overload).code, Code::InternalError);
}

#[test]
fn the_text_is_found_wherever_it_stands() {
    let cases = [
        (r#"{"__type":"X","message":"lower","Message":"upper"}"#, Some("header"), "lower"),
        (r#"{"__type":"X","Message":"upper"}"#, Some("header"), "upper"),
        (r#"{"__type":"X"}"#, Some("header"), "header"),
        (r#"{"__type":"X"}"#, None, "CodeMismatch"),
        (r#"{"__type":"X","message":""}"#, None, "CodeMismatch"),
        ("", Some("header"), "header"),
    ];
    for (body, header, message) in cases {
        let reply = Reply {
            error_type: Some("CodeMismatchException".into()),
            error_message: header.map(Text::from),
            ..reply(400, body)
        };
        let error = refusal(&reply);
        assert_eq!((error.code, error.message.as_ref()), (Code::CodeMismatch, message), "{body}");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_unknown_user_looks_like_a_wrong_password() {
    let unknown = refused("UserNotFound", "User does not exist.");
    assert_eq!(refusal(&unknown), refusal(&wrong_password()));
    let named = Reply { error_type: Some("UserNotFoundException:".into()), ..unknown };
    assert_eq!(refusal(&named), refusal(&wrong_password()));
}

#[test]
fn a_text_that_repeats_what_was_sent_is_not_told() {
    let long = format!("Refused: {}", "hunter2 ".repeat(40));
    let quoting =
        "1 validation error detected: Value 'hunter2' at 'password' failed to satisfy constraint: Member must ...";
    let two = "2 validation errors detected: Value at 'x' failed; Value 'hunter2' at 'confirmationCode' failed";
    for text in [quoting, two, &long] {
        let error = refusal(&refused("InvalidParameter", text));
        assert_eq!((error.code, error.message.as_ref()), (Code::InvalidParameter, "InvalidParameter"), "{text}");
    }
    let sound = "Password did not conform with policy: Password not long enough";
    assert_eq!(refusal(&refused("InvalidPassword", sound)).message, sound);
}

#[test]
fn every_reader_reads_a_refusal_as_a_refusal() {
    let reply = refused("LimitExceeded", "Attempt limit exceeded, please try after some time.");
    let errors = [
        read_progress(&reply).unwrap_err(),
        read_sign_up(&reply).unwrap_err(),
        read_session(&reply).unwrap_err(),
        read_association(&reply).unwrap_err(),
        read_verification(&reply).unwrap_err(),
        read_object(&reply).unwrap_err(),
        read_done(&reply).unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.code, error.status), (Code::LimitExceeded, Some(400)));
        assert_eq!(error.request_id.as_deref(), Some("request-1"));
    }
}

#[test]
fn what_may_be_tried_again_says_so() {
    let again: Vec<&str> = Code::ALL.iter().filter(|code| code.retryable()).map(|code| code.as_str()).collect();
    let of_the_services = ["ConcurrentModification", "ExternalService", "InternalError", "TooManyRequests"];
    assert_eq!(again, [&of_the_services[..], &["InvalidResponse", "Network", "Timeout"]].concat());
    assert!(Code::ALL.iter().all(|code| !code.retryable() || code.fault() == Fault::Service));
    assert_eq!(Code::NotAuthorized.fault(), Fault::User);
    assert_eq!(Code::InvalidUserPoolConfiguration.fault(), Fault::Developer);
}

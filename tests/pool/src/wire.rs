//! The service's wire: POST / with an operation in X-Amz-Target, JSON both ways, errors by name.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header},
};
use serde_json::json;
use std::sync::Arc;

use crate::{
    cors,
    faults::Kind,
    pool::Reply,
    refusal::Refusal,
    shared::{Gate, Shared, answer, cut, gateway_page, read},
};

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
const USER_POOLS: &str = "AWSCognitoIdentityProviderService.";
const IDENTITY_POOLS: &str = "AWSCognitoIdentityService.";
const EXPOSED: &str = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
const EXPOSED_WITHOUT_DATE: &str = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage";

/// Answers a request to `/`.
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    if head.method == Method::OPTIONS {
        return cors::WIRE.preflight(&head.headers);
    }
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let of_identities = target.strip_prefix(IDENTITY_POOLS);
    let operation = of_identities.or_else(|| target.strip_prefix(USER_POOLS)).unwrap_or_default().to_owned();
    let body = read(body).await;
    let noted = body.as_deref().unwrap_or_default();
    let (number, lost) = match shared.gate(&operation, &head.headers, noted).await {
        Gate::Pass { number, cut } => (number, cut),
        Gate::Stop { number, kind, error } => return stopped(&shared, number, kind, error),
    };
    let outcome = if head.method != Method::POST {
        Err(Refusal::new("MalformedHttpRequestException", "Only POST is served."))
    } else if head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(CONTENT_TYPE.as_bytes()) {
        // The content type is how the service tells its protocols apart, so no operation is known for another one.
        Err(Refusal::unknown_operation("The content type must be application/x-amz-json-1.1."))
    } else {
        match body {
            Some(body) if of_identities.is_some() => shared.pool().operate_identities(&operation, &body),
            Some(body) => shared.pool().operate(&operation, &body),
            None => Err(Refusal {
                status: 413,
                name: "RequestEntityTooLargeException",
                message: "Request size exceeded.".to_owned(),
            }),
        }
    };
    if lost {
        return cut();
    }
    written(&shared, number, outcome)
}

fn stopped(shared: &Shared, number: u64, kind: Kind, error: Option<&'static str>) -> Response<Body> {
    let refusal = match kind {
        Kind::Status500 => Refusal::new("InternalErrorException", "Something went wrong"),
        Kind::Throttle => Refusal::new("TooManyRequestsException", "Rate exceeded"),
        Kind::Refuse => Refusal::new(error.unwrap_or("InternalErrorException"), "Refused by a fault."),
        Kind::NonJson => {
            shared.pool().journal.answered(number, 200, None);
            let mut page = gateway_page();
            cors::permit(page.headers_mut(), None);
            return page;
        }
        Kind::Delay | Kind::Hang | Kind::DropBefore | Kind::DropAfter => return cut(),
    };
    written(shared, number, Err(refusal))
}

fn written(shared: &Shared, number: u64, outcome: Result<Reply, Refusal>) -> Response<Body> {
    let mut response = match &outcome {
        Ok(Reply::Empty) => answer(200, CONTENT_TYPE, Body::empty()),
        Ok(Reply::Body(value)) => answer(200, CONTENT_TYPE, value.to_string()),
        Err(refusal) => refused(refusal),
    };
    let mut pool = shared.pool();
    let status = response.status().as_u16();
    let error = outcome.as_ref().err().map(|refusal| refusal.name);
    pool.journal.answered(number, status, error);
    let request_id = pool.random.uuid();
    let exposed = if pool.settings.expose_date { EXPOSED } else { EXPOSED_WITHOUT_DATE };
    drop(pool);
    let headers = response.headers_mut();
    cors::permit(headers, Some(exposed));
    set(headers, "x-amzn-requestid", &request_id);
    response
}

fn refused(refusal: &Refusal) -> Response<Body> {
    let (name_in_body, name_in_header) = if refusal.is_from_the_front() {
        (
            format!("com.amazon.coral.service#{}", refusal.name),
            format!("{}:http://internal.amazon.com/coral/com.amazon.coral.service/", refusal.name),
        )
    } else {
        (refusal.name.to_owned(), format!("{}:", refusal.name))
    };
    let body = json!({ "__type": name_in_body, "message": refusal.message });
    let mut response = answer(refusal.status, CONTENT_TYPE, body.to_string());
    let headers = response.headers_mut();
    set(headers, "x-amzn-errortype", &name_in_header);
    set(headers, "x-amzn-errormessage", &printable(&refusal.message));
    response
}

/// A header's value holds visible ASCII only.
fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            ' '..='~' => letter,
            _ => ' ',
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

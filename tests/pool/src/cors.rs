//! Which pages may call what: CORS, written by hand because each part of the server has rules of its own.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};

/// The rules of one part of the server.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    methods: &'static str,
    /// Lower-case names, joined by commas; none for any.
    headers: Option<&'static str>,
}

/// The service's wire: one method, and the request headers that are known to pass.
pub const WIRE: Rules = Rules {
    methods: "POST",
    headers: Some("content-type,x-amz-target,x-amz-user-agent,cache-control,amz-sdk-invocation-id,amz-sdk-request"),
};
/// The sample API.
pub const API: Rules = Rules {
    methods: "GET,POST,PUT,PATCH,DELETE",
    headers: Some(
        "authorization,content-type,x-amz-date,x-amz-security-token,x-amz-user-agent,x-amzn-trace-id,x-api-key",
    ),
};
/// The endpoints for tokens; a form needs no preflight, the product string does.
pub const TOKENS: Rules = Rules { methods: "POST", headers: Some("content-type,x-amz-user-agent") };
/// The endpoint for claims.
pub const USER_INFO: Rules = Rules { methods: "GET", headers: Some("authorization,x-amz-user-agent") };
/// The published keys.
pub const PUBLISHED: Rules = Rules { methods: "GET", headers: None };
/// The control API.
pub const CONTROL: Rules = Rules { methods: "GET,POST,DELETE", headers: None };

impl Rules {
    /// Answers a preflight: 403 without any permission if a single method or header is not allowed.
    pub fn preflight(&self, asked: &HeaderMap) -> Response<Body> {
        let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let method = text(header::ACCESS_CONTROL_REQUEST_METHOD);
        let wanted = text(header::ACCESS_CONTROL_REQUEST_HEADERS).to_ascii_lowercase();
        let allowed = asked.contains_key(header::ORIGIN)
            && self.methods.split(',').any(|allowed| allowed == method)
            && wanted
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .all(|name| self.headers.is_none_or(|headers| headers.split(',').any(|allowed| allowed == name)));
        let mut response = Response::new(Body::empty());
        if !allowed {
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        let headers = response.headers_mut();
        permit(headers, None);
        let names = self.headers.unwrap_or(&wanted);
        for (name, value) in
            [(header::ACCESS_CONTROL_ALLOW_METHODS, self.methods), (header::ACCESS_CONTROL_ALLOW_HEADERS, names)]
        {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Lets every page read an answer; never with credentials, because the origin is a wildcard.
pub fn permit(headers: &mut HeaderMap, exposed: Option<&'static str>) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Some(exposed) = exposed {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    }
}

//! The body of a form with one file.

/// The body of a form with one file, as browsers write it. The name is safe: it has no quote and no line
/// break.
pub(super) fn form_file(boundary: &str, part: &str, file_name: &str, content: &[u8]) -> Vec<u8> {
    let media_type = match file_name.rsplit_once('.') {
        Some((_, end)) if end.eq_ignore_ascii_case("wav") => "audio/wav",
        Some((_, end)) if end.eq_ignore_ascii_case("mp3") => "audio/mpeg",
        _ => "application/octet-stream",
    };
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
    );
    let mut body = Vec::with_capacity(head.len() + content.len() + boundary.len() + 8);
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    body
}

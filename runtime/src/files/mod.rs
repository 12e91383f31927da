//! Files beside the API document: links to download, prompts to upload.

mod link;
mod upload;

pub use link::DownloadLink;
pub use upload::UploadPrompt;

"""The XML API of Cloud Storage (`/{bucket}/{object}`): signed URLs and HTML forms, uploads in parts, and S3's tools."""

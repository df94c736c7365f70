// Package tracingfile reads what the Postal Service's machines saw of mail: an export of
// Informed Visibility Mail Tracking & Reporting (IV-MTR, once IMb Tracing), as JSON or as
// delimited text with the names of its attributes in the first line. It knows the file and
// nothing of incidents and letters.
package tracingfile

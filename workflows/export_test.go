package workflows

// Markdown is markdown.
var Markdown = markdown

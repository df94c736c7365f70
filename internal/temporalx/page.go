package temporalx

import "net/url"

// PagePath is where Temporal's UI has the page of a practice's workflow, of an
// incident's where practice is "", and of all where both are.
func PagePath(namespace, incident, practice string) string {
	path := "/namespaces/" + url.PathEscape(namespace) + "/workflows"
	switch {
	case practice != "":
		return path + "/" + url.PathEscape(PracticeID(incident, practice))
	case incident != "":
		return path + "/" + url.PathEscape(IncidentID(incident))
	}
	return path
}

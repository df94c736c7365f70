// Package pages is the server of the practices' pages: what a clerk sees who opened the
// link of a breach notice, and what the practice answers there.
//
// It faces the internet and holds no key. What it shows lies sealed in the database,
// and opens with what the practice brings: link and code, the session's cookie, or a
// passkey (internal/packet, docs/adr/0191). Each request of a session is one
// transaction (pagedoor.Door.Visit) in which a look or a download is noted; it is shown
// after that is committed.
//
// Pages work without a script, but for passkeys. Their words are in templates/pages,
// in English and Spanish.
//
// # Addresses
//
//	/p/LINK             asks for the code; POST code
//	/notice             the practice's page
//	/list               its people; POST query, page, and person with choose
//	/files/PART         a part of the packet; /calendar is deadlines.ics
//	/answer/received    /answer/delegate, /answer/contact, /answer/not-ours, /answer/told
//	/answers/ID         what became of an answer
//	/devices            passkeys, and leaving everywhere
//	/leave              POST ends the session
//	/health             204, under any host name
//
// # Names that stay
//
// Tests drive a browser by these ids and names, and they do not change:
//
//	come-in: #come-in, #code, #passkey-login, #passkey-problem, #errors
//	notice: #next, #next-step, #calendar, #zip-password, #to-list, #leave; sections by
//	  the ids of their headings: #happened #owed #nothing #numbers #given #files #kit
//	  #done #lists #tell #us
//	list: #search with #query, #choose with boxes named person and the button choose
//	forms: #received, #delegate, #delegate-sign, #delegate-change, #contact, #not-ours, #told; fields name,
//	  title, delegation (#delegation-all, -letters, -none), agree, privacy_officer, email,
//	  phone, reason, what (#what-FACT.STATE), on, count, reference, proof, and the hidden
//	  form (the session's secret), id (the answer's) and step (review, sign, change)
//	answer: #state, #look-again
//	devices: #device-name, #passkey-add, #passkey-problem, #leave-everywhere
package pages

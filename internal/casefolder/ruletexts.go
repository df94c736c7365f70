package casefolder

const saveAsCSV = "In the spreadsheet choose Save As and the format CSV UTF-8 (comma separated)."

var errorRules = []ruleText{
	{ruleEmptyFile, "The file is empty", "Put the file's content in; `duenotice init` writes a folder to start from."},
	{ruleNotCSV, "The file is not a UTF-8 text file", saveAsCSV},
	{ruleSeparator, "Columns are not separated by commas", saveAsCSV + " Where the computer's region writes semicolons, set its list separator to a comma first."},
	{ruleNoHeader, "The first row has no column names", "Put the column names into the first row; docs/case-folder.md lists them."},
	{ruleMissingColumn, "A required column is missing", "Add the column with this name to the first row and fill it."},
	{ruleTwiceColumn, "A column is there twice", "Delete or rename one of the two columns."},
	{ruleColumnName, "A column name differs in capitals, spaces or punctuation", "Write the column name exactly as given."},
	{ruleFieldCount, "A row has another number of cells than the first row", "Put quotation marks around a cell that holds a comma, and give every row one cell for each column."},
	{ruleQuotes, "Quotation marks do not pair up", "Put quotation marks around the whole cell and double those inside it, or take them out."},
	{ruleNoRows, "The list has no rows", "Add a row for each entry of the list."},
	{ruleRowTooLong, "A row is longer than 65,536 bytes", "Shorten the row, or close the quotation mark that swallows the rows after it."},
	{ruleColumnLike, "A column name looks like a column it does not name", "Rename the column as given. If it is another: say so in columns of incident.yaml, or leave it out with `--ignore-column NAME`."},

	{ruleUTF8, "Letters are damaged (not valid UTF-8)", saveAsCSV + " Then check the names with accents."},
	{ruleControl, "A cell holds a control character or a line break", "Delete the line break or invisible character; use address1 and address2 for two address lines."},
	{ruleFormula, "A cell starts like a spreadsheet formula", "Take away the =, +, -, @ at the start; leave the cell empty when there is no value."},
	{ruleTooLong, "A value is too long", "Shorten it to the length given."},
	{ruleSSN, "A value has the shape of a Social Security number", "Take the number out: the list says which kinds of data were exposed, never their values. If it is another nine-digit number, put a letter in front of it."},
	{ruleCard, "A value has the shape of a payment card number", "Take the number out: the list says which kinds of data were exposed, never their values. If it is another number, put a letter in front of it."},
	{ruleRequired, "A required value is missing", "Fill it in."},
	{ruleDate, "A date does not exist or is not written YYYY-MM-DD", "Write the date as YYYY-MM-DD, for example 2026-03-16; in a spreadsheet format the column as text first."},
	{ruleSerialDate, "A date became a spreadsheet's day number", "Format the column as a date YYYY-MM-DD in the spreadsheet and save as CSV again."},
	{ruleWord, "A word is not one of those allowed", "Write one of the words given."},
	{ruleKey, "A key has a form that is not allowed", "Use 1 to 64 of A-Z a-z 0-9 . _ -, not a dot or dash at the start, no dot at the end, and no name of a Windows device such as CON or NUL: folders and files are named by it."},
	{ruleFuture, "A day that has already been lies in the future", "Correct the date."},
	{ruleSpreadsheet, "A spreadsheet damaged the value", "Format the column as text in the spreadsheet (in a dataframe read it as text: dtype=str), enter the value again from its source and save as CSV. Leave the cell empty when there is no value."},
	{ruleState, "A State code is none of the 56", "Write the two-letter postal code of the State, the country for an address abroad, or nothing when the State is not known."},
	{rulePlaceholder, "A placeholder has not been filled in", "Replace it, brackets included, by what is true for this incident."},

	{ruleNoDate, "A word or placeholder stands for no date", "Leave the cell empty when the date is not known."},
	{ruleDecodedTwice, "Text was decoded twice (Ã© for é)", "The file was UTF-8 and was opened as if it were not. Open the original again: in Excel with Data, From Text/CSV, and 65001 (UTF-8); then save as CSV UTF-8."},
	{ruleLostLetters, "Letters were lost (? in their place)", "Export the list again from its source in UTF-8: what was lost cannot be found in this file. An empty cell is better than a question mark."},
	{ruleCountry, "The country contradicts the State or the ZIP", "Correct country or state. Leave country empty for the United States and its territories: State decides which agency, media and time count."},
	{ruleSaysNothing, "A word stands for nothing where a value is printed", "Leave it empty when there is none: N/A or unknown would stand in letters and notices."},
	{ruleUnprintable, "A text has a character that the papers cannot print", "Write the text in letters that print, such as Latin ones; a sign that only adorns can be left out."},

	{ruleTwicePractice, "A practice is there twice", "Keep one row for each practice."},
	{ruleNPI, "An NPI's check digit is wrong", "Correct the NPI from the NPPES registry or leave it empty."},
	{rulePracticeEmail, "A practice's e-mail address cannot be used", "Write one address such as privacy@example.org, without a name and without brackets. Letters beyond ASCII are taken by no sender: write the xn-- form of the domain."},
	{ruleBAADays, "A number of days in the contract is not a whole number", "Write a whole number of calendar days, at least 1, or leave it empty."},
	{ruleTimezone, "A time zone is unknown", "Write an IANA name such as America/Chicago, or leave it empty for the State's zone."},
	{ruleKeyCase, "Two practice keys differ only in capitals", "Give them different keys: their folders would be one on a computer that ignores capitals, and patients' lists would mix."},
	{ruleHalfDefault, "What becomes of a practice that does not answer is half said", "Fill in default_delegation (all, letters, none) and default_days, the calendar days after its notice that the contract gives it, or neither."},
	{ruleSameEmail, "The second e-mail address of a practice is its first", "Write another mailbox of the practice, or leave second_email empty: the code for its page then goes by post or telephone. In one mailbox whoever reads the link has the code too."},
	{ruleNewPractice, "A corrected list has a practice that the incident does not have", "Correct practice_key, or delete the row: a running incident takes in no further practice."},

	{ruleUnknownPractice, "The practice is not in practices.csv", "Add the practice to practices.csv or correct practice_key."},
	{ruleTwicePerson, "A person is there twice in one practice", "Keep one row for each person and practice, with the data classes of both."},
	{ruleDataClass, "A data class is unknown", "Use the words of docs/case-folder.md, separated by semicolons."},
	{ruleDeathBirth, "A person died before being born", "Correct birth_date or deceased_date."},
	{ruleLanguage, "A language is not a BCP 47 tag", "Write a tag such as en, es, zh-Hans, or leave it empty where nobody asked."},
	{ruleRemoval, "A later list takes a person out without a reason", "Say in source why the person was not affected: the burden of proof is the entity's (164.414(b))."},
	{ruleKinOfLiving, "A next of kin is named for somebody who is not said to be dead", "Write the day of death in deceased_date, or unknown when the person is dead and the day is not known: the letter then goes to the next of kin (45 CFR 164.404(d)(1)(ii)). For the living empty representative_name and representative_relation, or write the right relation."},
	{ruleCode, "An enrollment code has a form that is not allowed", "Use 4 to 64 of A-Z a-z 0-9 - . _ /, as the provider of the credit monitoring gave it."},
	{ruleTwiceCode, "Two people have the same enrollment code", "Give each person a code of their own: with the code goes access to the person's file at the provider. One person may have the same code at several practices."},

	{ruleYAML, "The YAML cannot be read", "Look at this line and the one before: a tab, an indentation that does not line up, an open quotation mark, or a colon in text that needs quotation marks."},
	{ruleUnknownKey, "A key is unknown", "Correct the key's spelling or delete the line."},
	{ruleTwiceKey, "A key is there twice", "Keep one of the two."},
	{ruleType, "A value has the wrong form", "Write it in the form given."},
	{ruleDateOrder, "Dates are out of order", "Correct one of the two dates."},
	{ruleBeforeLaw, "The discovery lies before the rule applied", "45 CFR 164.400 covers breaches discovered on or after 2009-09-23; correct the date."},
	{ruleSecurity, "Secured data is claimed without its proof", "Name data_security_standard, and for encrypted data say in keys_compromised whether the keys were reached (yes, no, unknown)."},
	{ruleExclusion, "An exclusion is claimed without a reason", "Say in exclusion_reason why 45 CFR 164.402(1) applies; the burden of proof is the entity's (164.414(b))."},
	{ruleLowProbability, "A low probability is claimed without its assessment", "Answer all four factors of 45 CFR 164.402(2) and have two people approve, or write conclusion: presumed."},
	{ruleHold, "A law-enforcement statement lacks who made it, or when", "Fill in kind, official, agency and stated_on: 45 CFR 164.412 asks for the statement and the official's identity to be documented."},
	{ruleNumber, "A number is not one of those allowed", "Write a whole number in the range given."},
	{ruleEntityEmail, "The entity's e-mail address cannot be used", "Write one address such as privacy@example.org."},
	{ruleImputed, "The discovery is later than knowledge that counts as the entity's", "Set discovered to the day on which its workforce or agent knew, or on which a subcontractor that is no agent told it (45 CFR 164.404(a)(2), 164.410(a)(2)); or correct the entry in knowledge."},
	{ruleReturnAddress, "The return address is too long for the letters", "Shorten entity.name or the lines of entity.address."},
	{ruleForbiddenCount, "A text tells a number that a State forbids in letters", "Leave the number of the State's residents out: the text stands in everybody's letter."},
	{ruleEnvelope, "A form of envelope is not known", "Write the name of a form that the program has, or of one of your own (docs/envelopes.md)."},
	{ruleTranslation, "A translation is not whole, or of no language", "Write what_happened, what_we_are_doing and what_you_can_do under a BCP 47 tag such as es, all three, in that language."},
	{ruleLanguageReason, "People who ask for another language get English without a reason", "Say under letters.languages.reason why; it is kept."},
	{ruleOwnLanguage, "A language's folder is not the letter's in that language", "Correct the file; docs/languages.md says what each has, and `duenotice languages new` writes the English ones to compare with. Or take the folder away."},
	{ruleMedia, "A State or an outlet of the media stands there twice", "Write all of one State in one entry of media, and each outlet in it once."},
	{ruleTaglines, "The file of taglines is not one", "Write a file beside incident.yaml with a text for each language under its BCP 47 tag, in English and at least 15 others (docs/languages.md), or leave letters.taglines empty."},

	{ruleUnknownLetter, "A letter that came back was never printed", "Correct piece_id: it is the Reference at the foot of the letter. Letters of another incident go into a list of its own."},
	{ruleTwiceLetter, "A letter that came back is there twice", "Keep one row for each letter."},
	{ruleTooEarly, "A letter came back before it was printed or mailed", "Correct returned_on. If it is right, record letters_mailed again with the right day."},
}

var warningRules = []ruleText{
	{warnUnknownColumn, "An unknown column is left out", "Nothing, if it is not needed; else use a name of docs/case-folder.md."},
	{warnEmptyRow, "An empty row is left out", "Nothing, or delete the row."},
	{warnNoFindings, "The list of people is empty", "Nothing, if the people are not known yet: send the list later with `duenotice amend`."},
	{warnOpenPairs, "Some may be one and count as two", "Look at the pairs and decide: `duenotice findings pairs CASE`, for practices `duenotice findings practices CASE`."},

	{warnNoContact, "A practice has no contact", "Fill in email or the postal address, so that the notice of 45 CFR 164.410 can reach it."},
	{warnNoOfficer, "A practice has no privacy officer", "Fill in privacy_officer, so that the notice reaches a person."},
	{warnNoWindow, "The contract's notice window is not given", "Fill in baa_notice_days from the business associate agreement; without it the law's 60 days count."},
	{warnLongWindow, "The contract's notice window is longer than the law's", "Nothing: the 60 days of 45 CFR 164.410(b) bind."},
	{warnAgent, "It is not answered whether the business associate is the practice's agent", "Answer agent with yes or no; until then the earlier clock runs (as for yes)."},
	{warnDelegation, "It is not answered what the practice delegates", "Fill in delegation (all, letters, none), or answer later with `duenotice delegate`."},
	{warnNotified, "A practice was told before the breach was discovered", "Check notified_on and the incident's discovered."},
	{warnPracticeEmpty, "A practice has no people in the list", "Nothing, if it was not affected; else add its people."},
	{warnPracticeAddress, "A practice's postal address is not whole", "Fill in address1, city, state and a ZIP of five or nine digits."},
	{warnUnreadEmail, "An e-mail address looks like one that nobody reads", "Write an address that a person reads, or empty the cell."},

	{warnNoState, "A person's State is not known", "Fill in state: without it the person counts to no State's total and cannot be written to."},
	{warnNoAddress, "A person has no usable address", "Fill in address1, city and zip; without them substitute notice is owed (45 CFR 164.404(d)(2))."},
	{warnZIP, "A ZIP lost its leading zero", "Write the ZIP with its leading zero; in a spreadsheet format the column as text first."},
	{warnPersonEmail, "A person's e-mail address cannot be used", "Correct email or empty it; the letter goes by mail."},
	{warnAgreedNoEmail, "A person agreed to electronic notice but has no e-mail address", "Fill in email; until then the letter goes by mail."},
	{warnMinor, "A minor has no representative named", "Fill in representative_name; else the letter goes to \"the parent or guardian of\"."},
	{warnDeceased, "A deceased person has no representative named", "Fill in representative_name when the address of the next of kin or personal representative is known (45 CFR 164.404(d)(1)(ii))."},
	{warnRepresentative, "A representative is half named", "Fill in both representative_name and representative_relation."},
	{warnPostalCode, "A State code has mail but is no State of the law", "Nothing for military mail (AA, AE, AP) and FM, MH, PW: the letter goes there, and the person is a resident of no State."},
	{warnMinorInConfidence, "A minor has a confidential address", "Find out who asked for it (45 CFR 164.522(b)). Where the minor is the individual for this care, write representative_relation self and the letter is the minor's own (164.502(g)(3)); else it goes to the parent or guardian at that address."},
	{warnZIPState, "ZIP and State contradict each other", "Correct the wrong one: State decides which agency, media and time count, ZIP where the letter goes."},
	{warnLanguage, "There is no letter in the person's language", "W223 says for each language how to give one; until then the letter is held back, or in English where letters.languages of incident.yaml decides so. Where the rules on access for people with limited English ask for more (45 CFR part 92), see to that too."},
	{warnPassedOver, "A representative is named to whom no letter goes", "Nothing, if the person is an adult who acts alone: the letter is theirs. For somebody who cannot, write guardian or personal_representative."},
	{warnDeathDay, "A person counts as dead without a day of death", "Nothing, if the person is known to have died. If it is not known, empty deceased_date: the letter would speak of a death."},
	{warnCountry, "A country is not known by its name or code", "Write its English name or ISO 3166 code. As it stands the person counts as living abroad and to no State."},
	{warnCodeUnused, "Enrollment codes are given and no credit monitoring is offered", "Fill in credit_monitoring of incident.yaml, or leave the column out: the codes would be printed nowhere."},
	{warnNoCode, "A person has no enrollment code though there is a column of them", "Fill in enrollment_code; else the letter describes the credit monitoring without a code."},
	{warnZIPZeros, "The last four digits of a ZIP are zeros", "Nothing: zeros stand for a ZIP+4 that is not known, and the letter goes by the first five digits."},
	{warnNameWord, "A word that stands for nothing is part of a name", "Empty the cell where there is no such name (NMN, N/A, UNKNOWN): as it stands it is printed on the letter. Nothing, if the person is called so."},
	{warnHeldScript, "A letter will be held back: a character cannot be printed", "Write the name or the address in letters that print, such as Latin ones, as the person would read it; else tell the person in another way. Until then the notice stays owed."},
	{warnHeldTooLong, "A letter will be held back: the address does not fit the envelope's window", "Shorten the name or the address lines; until then the notice stays owed."},
	{warnLanguages, "People are to be written to in a language that there is no letter in", "Give the letter in it: your three texts under translations of incident.yaml, and for a language that the program does not have a folder of it (docs/languages.md). Or decide with letters.languages."},

	{warnHoldNoEnd, "A written law-enforcement statement names no end", "Ask the agency for the time it specifies: without one a written statement delays nothing (45 CFR 164.412(a))."},
	{warnLongText, "The texts are long for a letter of two pages", "Nothing, if a third page may be; else shorten the three texts to 1,200 characters together."},
	{warnMailBy, "The letters would be mailed late", "Set letters.mail_by within 60 days of discovery (45 CFR 164.404(b)), and sooner when that is reasonable."},
	{warnHHSFields, "An answer for the HHS portal is missing", "Fill in breach_type and location before the HHS notice is due."},
	{warnNoInquiry, "The letters would name no way to ask questions but the mail", "Fill in entity.toll_free, and email or website (45 CFR 164.404(c)(1)(E))."},
	{warnKeysUnsure, "The encryption keys may have been reached", "Nothing, if that is so: the data then counts as unsecured."},
	{warnOccurred, "It is not known when the breach happened", "Nothing, if that is so: the letters say it (45 CFR 164.404(c)(1)(A), \"if known\"). Fill in occurred as soon as it is known, even if only one of its two days."},
	{warnRepeats, "A text says what every letter says", "Leave it out, unless yours says more: the letter has it anyway, and people would read it twice. The proof shows the whole letter."},
	{warnNumbers, "A text has a character that a binder prints as its number", "Nothing, if that is well; else write it in letters that print, such as Latin ones. The evidence pack keeps the text as it is."},
}

var texts = func() map[string]ruleText {
	m := make(map[string]ruleText, len(errorRules)+len(warningRules))
	for _, r := range errorRules {
		m[r.id] = r
	}
	for _, r := range warningRules {
		m[r.id] = r
	}
	return m
}()

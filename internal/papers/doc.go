// Package papers makes every paper the product leaves behind: letters, the
// notice to a practice, its people's list, the HHS worksheet, media releases,
// calendars and e-mail texts. It is pure: values in, bytes out, no I/O and no
// clock, and the same input gives the same bytes. The words are in templates/.
//
// Letters, people's lists, pieces.csv and held.csv hold patient data. Nothing else made
// here does, and no error ever does.
package papers

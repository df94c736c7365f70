// Package acsfile reads the fulfillment files of the Postal Service's Address Change
// Service: what became of mail that could not be delivered as addressed. It knows the
// current layout, version 02: records of 700 characters, the first of them a header
// (ACS File Format Technical Guide, version 2, in effect from 2015-10-20).
//
// What a record says of its addressee is patient data for whoever mailed letters about
// patients. Errors name lines and fields, and nobody.
package acsfile

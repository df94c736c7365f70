package breach

import (
	"regexp"
	"strings"
)

// specialties are words that tell, of whoever gets mail from somebody called so, for what
// they are treated: a part of a word, in small letters.
var specialties = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
	`addict\w*`, `recovery`, `rehab\w*`, `substance`, `detox\w*`, `methadone`, `suboxone`, `opioid\w*`, `alcohol\w*`, `sober\w*`,
	`behavio\w*ral`, `mental`, `psych\w*`, `counsel\w*`, `therap\w*`, `trauma`, `autis\w*`, `eating disorders?`, `memory care`, `dementia`, `alzheimer\w*`,
	`oncolog\w*`, `cancer`, `tumou?r`, `hematolog\w*`, `chemotherapy`, `hospice`, `palliative`,
	`hiv`, `aids`, `std`, `sti`, `sexual\w*`, `infectious`, `hepat\w*`,
	`fertil\w*`, `infertil\w*`, `ivf`, `reproduct\w*`, `abortion`, `parenthood`, `ob/?gyn`, `obstetric\w*`, `gyn[ae]colog\w*`, `midwi\w*`, `women'?s health`, `men'?s health`, `urolog\w*`, `gender`, `transgender`,
	`dialysis`, `renal`, `nephrolog\w*`, `cardiolog\w*`, `diabet\w*`, `endocrin\w*`, `neurolog\w*`, `epilep\w*`, `dermatolog\w*`, `bariatric\w*`, `weight loss`, `pain`, `allerg\w*`,
	`pulmon\w*`, `rheumatolog\w*`, `orthop\w*`, `gastro\w*`, `urgent care`, `genetic\w*`, `transplant\w*`, `sleep`,
}, `|`) + `)\b`)

// TellsSpecialty reports whether a name says for what people are treated there, so that
// it tells something of whoever gets a letter from it. Seen on an envelope that is a
// disclosure of its own: letters that let an insurer's words for HIV be read cost it 17
// million dollars in 2017.
func TellsSpecialty(name string) bool {
	return specialties.MatchString(strings.ReplaceAll(name, "’", "'"))
}

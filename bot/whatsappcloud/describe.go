package whatsappcloud

import "context"

// Description is what Meta says about the number, for the operator. It holds no secret.
type Description struct {
	Name    string // the name that Meta has verified
	Number  string // the office's own number
	Quality string // GREEN, YELLOW, RED or UNKNOWN
	Version string // of the Graph API that is spoken
}

// number is what Meta tells about the office's number.
type number struct {
	Name    string `json:"verified_name"`
	Number  string `json:"display_phone_number"`
	Quality string `json:"quality_rating"`
}

const numberFields = "verified_name,display_phone_number,quality_rating"

func (c *Channel) number(ctx context.Context) (number, error) {
	var n number
	err := c.api.get(ctx, numberFields, &n)
	return n, err
}

// Describe asks Meta about the number. An error is of a class of package bot and says in one sentence what is wrong. It
// may be called without Run. It cannot say whether Meta knows the webhook; only a message shows that.
func (c *Channel) Describe(ctx context.Context) (Description, error) {
	n, err := c.number(ctx)
	if err != nil {
		return Description{}, c.classed(err, 1)
	}
	return Description{Name: n.Name, Number: n.Number, Quality: n.Quality, Version: c.conf.Version}, nil
}

package console

import "context"

type board struct{ desk Desk }
type workbench struct{ desk Desk }

func (c *Console) work(context.Context) error { return nil }

#include "textflag.h"

// func addScaled4(y, x *float32, n int, a float32)
// y += a*x, four lanes at a time, as the plain loop does it. n is a multiple of four.
TEXT ·addScaled4(SB), NOSPLIT, $0-28
	MOVQ   y+0(FP), DI
	MOVQ   x+8(FP), SI
	MOVQ   n+16(FP), CX
	MOVSS  a+24(FP), X0
	SHUFPS $0, X0, X0
	CMPQ   CX, $16
	JLT    tail

sixteen:
	MOVUPS (SI), X1
	MOVUPS 16(SI), X2
	MOVUPS 32(SI), X3
	MOVUPS 48(SI), X4
	MULPS  X0, X1
	MULPS  X0, X2
	MULPS  X0, X3
	MULPS  X0, X4
	MOVUPS (DI), X5
	MOVUPS 16(DI), X6
	MOVUPS 32(DI), X7
	MOVUPS 48(DI), X8
	ADDPS  X1, X5
	ADDPS  X2, X6
	ADDPS  X3, X7
	ADDPS  X4, X8
	MOVUPS X5, (DI)
	MOVUPS X6, 16(DI)
	MOVUPS X7, 32(DI)
	MOVUPS X8, 48(DI)
	ADDQ   $64, SI
	ADDQ   $64, DI
	SUBQ   $16, CX
	CMPQ   CX, $16
	JGE    sixteen

tail:
	CMPQ CX, $4
	JLT  done
	MOVUPS (SI), X1
	MULPS  X0, X1
	MOVUPS (DI), X5
	ADDPS  X1, X5
	MOVUPS X5, (DI)
	ADDQ   $16, SI
	ADDQ   $16, DI
	SUBQ   $4, CX
	JMP    tail

done:
	RET

// func sumPairsAVX2(z *int32, rows *int8, p *pair, n, blocks int)
// Sixteen columns at a time: two rows are widened to words and interleaved, multiplied by their two factors and added up
// in one go. The halves of the registers are put in order at the end.
TEXT ·sumPairsAVX2(SB), NOSPLIT, $0-40
	MOVQ z+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ blocks+32(FP), BX

block:
	MOVQ  p+16(FP), R8
	MOVQ  n+24(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

pair:
	MOVLQSX      (R8), AX
	MOVLQSX      4(R8), DX
	VPBROADCASTD 8(R8), Y2
	VPMOVSXBW    (SI)(AX*1), Y3
	VPMOVSXBW    (SI)(DX*1), Y4
	PREFETCHT0   64(SI)(AX*1)
	PREFETCHT0   64(SI)(DX*1)
	VPUNPCKLWD   Y4, Y3, Y5
	VPUNPCKHWD   Y4, Y3, Y6
	VPMADDWD     Y2, Y5, Y5
	VPMADDWD     Y2, Y6, Y6
	VPADDD       Y5, Y0, Y0
	VPADDD       Y6, Y1, Y1
	ADDQ         $16, R8
	DECQ         CX
	JNZ          pair
	VPERM2I128   $0x20, Y1, Y0, Y2
	VPERM2I128   $0x31, Y1, Y0, Y3
	VMOVDQU      Y2, (DI)
	VMOVDQU      Y3, 32(DI)
	ADDQ         $64, DI
	ADDQ         $16, SI
	DECQ         BX
	JNZ          block
	VZEROUPPER
	RET

// func greatestAVX(x *float32, n int) float32
// The greatest of n times eight figures, and 0.
TEXT ·greatestAVX(SB), NOSPLIT, $0-20
	MOVQ   x+0(FP), SI
	MOVQ   n+8(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1

sixteen:
	CMPQ   CX, $2
	JLT    eight
	VMAXPS (SI), Y0, Y0
	VMAXPS 32(SI), Y1, Y1
	ADDQ   $64, SI
	SUBQ   $2, CX
	JMP    sixteen

eight:
	TESTQ  CX, CX
	JEQ    fold
	VMAXPS (SI), Y0, Y0

fold:
	VMAXPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMAXPS       X1, X0, X0
	VSHUFPS      $0x4e, X0, X0, X1
	VMAXPS       X1, X0, X0
	VSHUFPS      $0xb1, X0, X0, X1
	VMAXPS       X1, X0, X0
	VMOVSS       X0, ret+16(FP)
	VZEROUPPER
	RET

// The kernels below walk over features: R8 is the feature, R10 the last one, and the row of a feature eight further on is
// fetched ahead, since rows lie scattered over more memory than a cache holds.
#define ROWS \
	LEAQ    64(R8), R9  \
	CMPQ    R9, R10     \
	CMOVQHI R10, R9     \
	MOVLQSX (R9), R11   \
	IMULQ   DX, R11     \
	MOVLQSX (R8), AX    \
	IMULQ   DX, AX

// func sumRowsAVX(z, w *float32, stride int, x *feature, n, blocks int)
TEXT ·sumRowsAVX(SB), NOSPLIT, $0-48
	MOVQ z+0(FP), DI
	MOVQ w+8(FP), SI
	MOVQ stride+16(FP), DX
	MOVQ n+32(FP), CX
	MOVQ blocks+40(FP), BX
	MOVQ x+24(FP), R10
	LEAQ -8(R10)(CX*8), R10

four:
	CMPQ   BX, $4
	JLT    one
	MOVQ   x+24(FP), R8
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

feature4:
	ROWS
	PREFETCHT0   (SI)(R11*1)
	PREFETCHT0   64(SI)(R11*1)
	PREFETCHT0   128(SI)(R11*1)
	PREFETCHT0   192(SI)(R11*1)
	VBROADCASTSS 4(R8), Y15
	VMULPS       (SI)(AX*1), Y15, Y8
	VMULPS       32(SI)(AX*1), Y15, Y9
	VMULPS       64(SI)(AX*1), Y15, Y10
	VMULPS       96(SI)(AX*1), Y15, Y11
	VADDPS       Y8, Y0, Y0
	VADDPS       Y9, Y1, Y1
	VADDPS       Y10, Y2, Y2
	VADDPS       Y11, Y3, Y3
	VMULPS       128(SI)(AX*1), Y15, Y8
	VMULPS       160(SI)(AX*1), Y15, Y9
	VMULPS       192(SI)(AX*1), Y15, Y10
	VMULPS       224(SI)(AX*1), Y15, Y11
	VADDPS       Y8, Y4, Y4
	VADDPS       Y9, Y5, Y5
	VADDPS       Y10, Y6, Y6
	VADDPS       Y11, Y7, Y7
	ADDQ         $8, R8
	CMPQ         R8, R10
	JLS          feature4
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	VMOVUPS      Y2, 64(DI)
	VMOVUPS      Y3, 96(DI)
	VMOVUPS      Y4, 128(DI)
	VMOVUPS      Y5, 160(DI)
	VMOVUPS      Y6, 192(DI)
	VMOVUPS      Y7, 224(DI)
	ADDQ         $256, DI
	ADDQ         $256, SI
	SUBQ         $4, BX
	JMP          four

one:
	CMPQ   BX, $1
	JLT    done
	MOVQ   x+24(FP), R8
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1

feature1:
	ROWS
	PREFETCHT0   (SI)(R11*1)
	VBROADCASTSS 4(R8), Y15
	VMULPS       (SI)(AX*1), Y15, Y8
	VMULPS       32(SI)(AX*1), Y15, Y9
	VADDPS       Y8, Y0, Y0
	VADDPS       Y9, Y1, Y1
	ADDQ         $8, R8
	CMPQ         R8, R10
	JLS          feature1
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	DECQ         BX
	JMP          one

done:
	VZEROUPPER
	RET

// func sumRowsSSE(z, w *float32, stride int, x *feature, n, blocks int)
TEXT ·sumRowsSSE(SB), NOSPLIT, $0-48
	MOVQ z+0(FP), DI
	MOVQ w+8(FP), SI
	MOVQ stride+16(FP), DX
	MOVQ n+32(FP), CX
	MOVQ blocks+40(FP), BX
	MOVQ x+24(FP), R10
	LEAQ -8(R10)(CX*8), R10

block:
	CMPQ  BX, $1
	JLT   done
	MOVQ  x+24(FP), R8
	XORPS X0, X0
	XORPS X1, X1
	XORPS X2, X2
	XORPS X3, X3

feature:
	ROWS
	PREFETCHT0 (SI)(R11*1)
	MOVSS      4(R8), X15
	SHUFPS     $0, X15, X15
	MOVUPS     (SI)(AX*1), X8
	MOVUPS     16(SI)(AX*1), X9
	MOVUPS     32(SI)(AX*1), X10
	MOVUPS     48(SI)(AX*1), X11
	MULPS      X15, X8
	MULPS      X15, X9
	MULPS      X15, X10
	MULPS      X15, X11
	ADDPS      X8, X0
	ADDPS      X9, X1
	ADDPS      X10, X2
	ADDPS      X11, X3
	ADDQ       $8, R8
	CMPQ       R8, R10
	JLS        feature
	MOVUPS     X0, (DI)
	MOVUPS     X1, 16(DI)
	MOVUPS     X2, 32(DI)
	MOVUPS     X3, 48(DI)
	ADDQ       $64, DI
	ADDQ       $64, SI
	DECQ       BX
	JMP        block

done:
	RET

// func subRowsAVX(w, step *float32, stride int, x *feature, n int, rate float32)
TEXT ·subRowsAVX(SB), NOSPLIT, $0-44
	MOVQ         w+0(FP), SI
	MOVQ         step+8(FP), DI
	MOVQ         stride+16(FP), DX
	MOVQ         x+24(FP), R8
	MOVQ         n+32(FP), CX
	VBROADCASTSS rate+40(FP), Y15
	VMOVUPS      (DI), Y0
	VMOVUPS      32(DI), Y1
	LEAQ         -8(R8)(CX*8), R10

feature:
	ROWS
	PREFETCHT0   (SI)(R11*1)
	VBROADCASTSS 4(R8), Y2
	VMULPS       Y15, Y2, Y2
	VMULPS       Y0, Y2, Y3
	VMULPS       Y1, Y2, Y4
	VMOVUPS      (SI)(AX*1), Y5
	VMOVUPS      32(SI)(AX*1), Y6
	VSUBPS       Y3, Y5, Y5
	VSUBPS       Y4, Y6, Y6
	VMOVUPS      Y5, (SI)(AX*1)
	VMOVUPS      Y6, 32(SI)(AX*1)
	ADDQ         $8, R8
	CMPQ         R8, R10
	JLS          feature
	VZEROUPPER
	RET

// func subRowsSSE(w, step *float32, stride int, x *feature, n int, rate float32)
TEXT ·subRowsSSE(SB), NOSPLIT, $0-44
	MOVQ   w+0(FP), SI
	MOVQ   step+8(FP), DI
	MOVQ   stride+16(FP), DX
	MOVQ   x+24(FP), R8
	MOVQ   n+32(FP), CX
	MOVSS  rate+40(FP), X15
	MOVUPS (DI), X0
	MOVUPS 16(DI), X1
	MOVUPS 32(DI), X2
	MOVUPS 48(DI), X3
	LEAQ   -8(R8)(CX*8), R10

feature:
	ROWS
	PREFETCHT0 (SI)(R11*1)
	MOVSS      4(R8), X14
	MULSS      X15, X14
	SHUFPS     $0, X14, X14
	MOVUPS     (SI)(AX*1), X4
	MOVUPS     16(SI)(AX*1), X5
	MOVUPS     32(SI)(AX*1), X6
	MOVUPS     48(SI)(AX*1), X7
	MOVAPS     X14, X8
	MOVAPS     X14, X9
	MOVAPS     X14, X10
	MOVAPS     X14, X11
	MULPS      X0, X8
	MULPS      X1, X9
	MULPS      X2, X10
	MULPS      X3, X11
	SUBPS      X8, X4
	SUBPS      X9, X5
	SUBPS      X10, X6
	SUBPS      X11, X7
	MOVUPS     X4, (SI)(AX*1)
	MOVUPS     X5, 16(SI)(AX*1)
	MOVUPS     X6, 32(SI)(AX*1)
	MOVUPS     X7, 48(SI)(AX*1)
	ADDQ       $8, R8
	CMPQ       R8, R10
	JLS        feature
	RET

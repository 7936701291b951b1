; HEADER_BLOCK_START
; BambuStudio 01.09.05.51
; model printing time: 1h 10m 0s; total estimated time: 1h 20m 0s
; total layer number: 40
; total filament length [mm] : 10000.00,3400.00
; total filament volume [cm^3] : 24052.00,8178.00
; total filament weight [g] : 30.00,10.00
; filament: 1,2
; HEADER_BLOCK_END
; CONFIG_BLOCK_START
; layer_height = 0.2
; filament_type = PLA;PLA
; CONFIG_BLOCK_END
G28

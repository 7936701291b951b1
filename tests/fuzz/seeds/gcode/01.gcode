; HEADER_BLOCK_START
; BambuStudio 01.09.05.51
; model printing time: 20m 34s; total estimated time: 26m 35s
; total layer number: 37
; total filament length [mm] : 1822.75,55.00
; total filament volume [cm^3] : 4384.22,132.29
; total filament weight [g] : 5.44,0.17
; filament_density: 1.24,1.27
; filament_diameter: 1.75,1.75
; max_z_height: 5.40
; filament: 1,3
; HEADER_BLOCK_END

; CONFIG_BLOCK_START
; layer_height = 0.15
; nozzle_diameter = 0.4
; nozzle_temperature = 220,220,255
; filament_type = PLA;PLA;PETG
; hot_plate_temp = 55,55,70
; CONFIG_BLOCK_END
M140 S65
M104 S140
G28

G28
; filament used [mm] = 1000
; filament_diameter = 1.75
; filament_density = 0
